/** A service whose tables are created, changed and dropped while it runs. */
@NullMarked
package io.batchflow.examples.tables;

import org.jspecify.annotations.NullMarked;
