/** Messages that leave with a transaction: see {@link io.batchflow.r2dbc.outbox.R2dbcOutbox}. */
@NullMarked
package io.batchflow.r2dbc.outbox;

import org.jspecify.annotations.NullMarked;
