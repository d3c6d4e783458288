package io.batchflow.r2dbc.outbox;

import io.batchflow.lease.LeaseStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Takes no more leases than it may hold. Asks the store for none beyond that. Thread-safe. */
final class LimitedLeases implements LeaseStore {

  private final LeaseStore store;
  private final AtomicInteger taken = new AtomicInteger();
  private volatile int limit;

  LimitedLeases(LeaseStore store, int limit) {
    this.store = store;
    this.limit = limit;
  }

  /** Sets how many leases may be taken. Those that are held beyond that stay. */
  void limit(int limit) {
    this.limit = limit;
  }

  int limit() {
    return limit;
  }

  @Override
  public Mono<Long> acquire(String name, String holder, Duration ttl) {
    return Mono.defer(
        () -> {
          if (taken.incrementAndGet() > limit) {
            taken.decrementAndGet();
            return Mono.empty();
          }
          return store
              .acquire(name, holder, ttl)
              .doOnError(failure -> taken.decrementAndGet())
              .doOnCancel(taken::decrementAndGet)
              .switchIfEmpty(Mono.fromRunnable(taken::decrementAndGet));
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
          taken.decrementAndGet();
          return store.release(name, token);
        });
  }
}
