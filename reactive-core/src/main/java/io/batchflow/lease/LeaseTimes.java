package io.batchflow.lease;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The clock of a lease, and how long it waits for what. Immutable. */
final class LeaseTimes {

  private static final Duration MOST = Duration.ofSeconds(1);

  private final Duration ttl;
  private final Duration certain;
  private final Duration third;
  private final Scheduler scheduler;
  private final LongSupplier clock;

  LeaseTimes(Duration ttl, Duration skew, Scheduler scheduler) {
    this.ttl = ttl;
    this.certain = ttl.minus(skew);
    this.third = ttl.dividedBy(3);
    this.scheduler = scheduler;
    // The wall clock may be set back, and a lease would be held for too long.
    this.clock =
        keepsWallTime(scheduler) ? System::nanoTime : () -> scheduler.now(TimeUnit.NANOSECONDS);
  }

  private static boolean keepsWallTime(Scheduler scheduler) {
    long apart = scheduler.now(TimeUnit.MILLISECONDS) - System.currentTimeMillis();
    return Math.abs(apart) < TimeUnit.HOURS.toMillis(1);
  }

  /** Returns the time in nanoseconds, from any origin. */
  long now() {
    return clock.getAsLong();
  }

  Duration ttl() {
    return ttl;
  }

  /**
   * Returns until when a lease is certainly held.
   *
   * @param sentAt when the request was sent whose answer is that it is held
   */
  long heldUntil(long sentAt) {
    return sentAt + certain.toNanos();
  }

  /** Gives a request up that gets no answer, so that another connection may be tried in time. */
  <T> Mono<T> limited(Mono<T> request) {
    return request.timeout(third, scheduler).publishOn(scheduler);
  }

  /** Cancels a request whose answer has no effect any more. */
  <T> Mono<T> withinTtl(Mono<T> request) {
    return request.timeout(ttl, scheduler);
  }

  Mono<Long> untilRenewal() {
    return Mono.delay(third, scheduler);
  }

  Mono<Long> after(Duration pause) {
    return Mono.delay(pause, scheduler);
  }

  Mono<Long> until(long time) {
    return Mono.delay(Duration.ofNanos(Math.max(0, time - now())), scheduler);
  }

  /** Waits before another attempt, each competitor for another time. */
  <T> Flux<T> pause() {
    long most = Math.min(third.toNanos(), MOST.toNanos());
    long nanos = ThreadLocalRandom.current().nextLong(most / 2, most + 1);
    return Mono.delay(Duration.ofNanos(nanos), scheduler).thenMany(Flux.empty());
  }
}
