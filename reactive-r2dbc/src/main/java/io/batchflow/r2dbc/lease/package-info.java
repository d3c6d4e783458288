/** Leases in a SQL database: see {@link io.batchflow.r2dbc.lease.R2dbcLeaseStore}. */
@NullMarked
package io.batchflow.r2dbc.lease;

import org.jspecify.annotations.NullMarked;
