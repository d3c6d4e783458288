/**
 * Writes batches through blocking JDBC on a thread of its own; {@link
 * io.batchflow.jdbc.JdbcBatchWriter} is the door.
 */
@NullMarked
package io.batchflow.jdbc;

import org.jspecify.annotations.NullMarked;
