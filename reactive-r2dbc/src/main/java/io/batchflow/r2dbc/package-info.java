/** Writes batches through R2DBC; {@link io.batchflow.r2dbc.R2dbcBatchWriter} is the door. */
@NullMarked
package io.batchflow.r2dbc;

import org.jspecify.annotations.NullMarked;
