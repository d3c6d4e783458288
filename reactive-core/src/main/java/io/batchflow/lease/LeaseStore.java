package io.batchflow.lease;

import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Stores leases, so that at most one holder has a lease at any time. Only the clock of the store
 * counts. Implementations are thread-safe and never block.
 */
public interface LeaseStore {

  /**
   * Takes a lease that nobody holds.
   *
   * @param name the name of the lease
   * @param holder who takes it, for people who look into the store
   * @param ttl how long the lease is held unless it is renewed
   * @return the fencing token, which is larger than every earlier one of this lease; empty if
   *     another holder has the lease
   */
  Mono<Long> acquire(String name, String holder, Duration ttl);

  /**
   * Extends a lease that is still held.
   *
   * @param ttl how long the lease is held from now
   * @return false if it is no longer held with this token
   */
  Mono<Boolean> renew(String name, long token, Duration ttl);

  /** Gives a lease back. Does nothing if it is no longer held with this token. */
  Mono<Void> release(String name, long token);
}
