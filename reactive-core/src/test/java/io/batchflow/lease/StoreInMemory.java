package io.batchflow.lease;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One lease, by the clock of virtual time. Each competitor has its own link to it. */
final class StoreInMemory {

  /** A link that may be broken: its operators see each request. */
  static final class Link {
    UnaryOperator<Mono<Object>> fault = UnaryOperator.identity();
  }

  private final VirtualTimeScheduler time;
  private long token;
  private long heldUntil;
  int renewals;

  StoreInMemory(VirtualTimeScheduler time) {
    this.time = time;
  }

  private long now() {
    return time.now(TimeUnit.NANOSECONDS);
  }

  /** Returns whether somebody holds the lease. */
  boolean isHeld() {
    return heldUntil > now();
  }

  LeaseStore over(Link link) {
    return new LeaseStore() {
      @Override
      public Mono<Long> acquire(String name, String holder, Duration ttl) {
        return sent(
            Mono.fromSupplier(
                () -> {
                  if (isHeld()) {
                    return null;
                  }
                  heldUntil = now() + ttl.toNanos();
                  return ++token;
                }));
      }

      @Override
      public Mono<Boolean> renew(String name, long given, Duration ttl) {
        return sent(
            Mono.fromSupplier(
                () -> {
                  renewals++;
                  boolean held = isHeld() && given == token;
                  heldUntil = held ? now() + ttl.toNanos() : heldUntil;
                  return held;
                }));
      }

      @Override
      public Mono<Void> release(String name, long given) {
        return sent(Mono.<Void>fromRunnable(() -> heldUntil = given == token ? now() : heldUntil));
      }

      @SuppressWarnings("unchecked") // a fault changes when the answer comes, not what it is
      private <T> Mono<T> sent(Mono<T> request) {
        return (Mono<T>) link.fault.apply((Mono<Object>) request);
      }
    };
  }
}
