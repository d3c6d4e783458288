/** Leases in Redis: see {@link io.batchflow.redis.lease.RedisLeaseStore}. */
@NullMarked
package io.batchflow.redis.lease;

import org.jspecify.annotations.NullMarked;
