/** Writes batches through R2DBC. Start with {@link io.batchflow.r2dbc.R2dbcBatchWriter}. */
@NullMarked
package io.batchflow.r2dbc;

import org.jspecify.annotations.NullMarked;
