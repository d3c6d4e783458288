/** What a flow counts: snapshots of its rows, tables and connections. */
@NullMarked
package io.batchflow.stats;

import org.jspecify.annotations.NullMarked;
