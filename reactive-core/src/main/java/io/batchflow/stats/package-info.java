/** Statistics of a flow: snapshots of its rows, tables and connections. */
@NullMarked
package io.batchflow.stats;

import org.jspecify.annotations.NullMarked;
