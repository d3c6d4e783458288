package io.batchflow.r2dbc.outbox;

import io.batchflow.lease.LeaseStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Takes no more leases than it may hold. Asks the store for none beyond that. Thread-safe. */
final class LimitedLeases implements LeaseStore {

  private final LeaseStore store;
  private final AtomicInteger free;

  LimitedLeases(LeaseStore store, int most) {
    this.store = store;
    this.free = new AtomicInteger(most);
  }

  @Override
  public Mono<Long> acquire(String name, String holder, Duration ttl) {
    return Mono.defer(
        () -> {
          if (free.getAndUpdate(now -> Math.max(0, now - 1)) == 0) {
            return Mono.empty();
          }
          return store
              .acquire(name, holder, ttl)
              .doOnError(failure -> free.incrementAndGet())
              .doOnCancel(free::incrementAndGet)
              .switchIfEmpty(Mono.fromRunnable(free::incrementAndGet));
        });
  }

  @Override
  public Mono<Boolean> renew(String name, long token, Duration ttl) {
    return store.renew(name, token, ttl);
  }

  /** A lease is released once after each acquisition, also if it was lost. */
  @Override
  public Mono<Void> release(String name, long token) {
    return Mono.defer(
        () -> {
          free.incrementAndGet();
          return store.release(name, token);
        });
  }
}
