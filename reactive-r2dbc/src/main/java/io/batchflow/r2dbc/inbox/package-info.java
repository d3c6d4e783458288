/** Messages that are handled once: see {@link io.batchflow.r2dbc.inbox.R2dbcInbox}. */
@NullMarked
package io.batchflow.r2dbc.inbox;

import org.jspecify.annotations.NullMarked;
