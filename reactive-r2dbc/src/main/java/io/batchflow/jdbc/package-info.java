/**
 * Writes batches through blocking JDBC, on its own thread. Start with {@link
 * io.batchflow.jdbc.JdbcBatchWriter}.
 */
@NullMarked
package io.batchflow.jdbc;

import org.jspecify.annotations.NullMarked;
