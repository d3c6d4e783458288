/** Leases with fencing tokens: see {@link io.batchflow.lease.Lease}. */
@NullMarked
package io.batchflow.lease;

import org.jspecify.annotations.NullMarked;
