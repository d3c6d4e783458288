package io.batchflow.lease;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Competes for a lease in a {@link LeaseStore}, so that one of several processes does some work.
 * Each time a process gets the lease, it also gets a <em>fencing token</em>, larger than all
 * before. A process can always be stopped and continue after its lease is gone, so the work itself
 * checks the token where it has its effect.
 *
 * <p>Immutable and thread-safe. Holds nothing until it is subscribed.
 */
public final class Lease {

  private final LeaseStore store;
  private final String name;
  private final String holder;
  private final LeaseTimes times;

  private Lease(Builder builder, LeaseTimes times) {
    this.store = builder.store;
    this.name = builder.name;
    this.holder = builder.holder;
    this.times = times;
  }

  /**
   * Starts to build a lease.
   *
   * @param name what all competitors call it
   * @throws InvalidConfigurationException if one is null, or the name is blank
   */
  public static Builder builder(LeaseStore store, String name) {
    return new Builder(store, name);
  }

  /**
   * Competes for the lease until it is cancelled, which gives the lease back. Each subscription is
   * a competitor of its own.
   *
   * @return held, lost, held again, and so on; also each failure to ask the store while the lease
   *     is not held. Never ends. The loss is signalled before the lease can expire in the store,
   *     even if the store does not answer. A slow subscriber gets the latest state. Signals arrive
   *     on the scheduler
   */
  public Flux<LeaseState> states() {
    return Flux.defer(this::once).repeat().onBackpressureLatest();
  }

  /**
   * Does work while the lease is held, and competes for the lease until it is cancelled. Work is
   * cancelled when the lease is lost, and starts again with the next token. An error of the work
   * ends the stream and gives the lease back; the end of the work does not.
   *
   * @param work takes the fencing token
   */
  public <T> Flux<T> whileHeld(LongFunction<? extends Publisher<? extends T>> work) {
    return states()
        .switchMap(state -> state.isHeld() ? work.apply(state.token()) : Flux.<T>empty());
  }

  /**
   * Does a task again and again in one process: at once when the lease was acquired, and then each
   * time a pause after the task has ended. Otherwise as {@link #whileHeld(LongFunction)}: add
   * {@code onErrorResume} to a task that shall be repeated after a failure.
   *
   * @param pause the time from the end of the task to its next begin
   * @param task takes the fencing token
   * @throws InvalidConfigurationException unless the pause is positive and at most a day
   */
  public <T> Flux<T> whileHeld(
      Duration pause, LongFunction<? extends Publisher<? extends T>> task) {
    Builder.positive("pause", pause);
    return whileHeld(
        token ->
            Flux.<T>defer(() -> Flux.from(task.apply(token)))
                .repeatWhen(ends -> ends.concatMap(end -> times.after(pause))));
  }

  /** Tries once to get the lease, holds it until it is lost, and waits before the next attempt. */
  private Flux<LeaseState> once() {
    return Flux.usingWhen(
            acquired(), this::hold, this::release, (held, failure) -> release(held), this::release)
        .onErrorResume(failure -> Flux.just(LeaseState.failed(name, failure)))
        .concatWith(Flux.defer(times::pause));
  }

  private Mono<HeldLease> acquired() {
    return Mono.defer(
        () -> {
          long sentAt = times.now();
          Mono<Long> answer =
              times.withinTtl(Mono.defer(() -> store.acquire(name, holder, times.ttl()))).cache();
          return times
              .limited(answer)
              .doOnCancel(() -> giveBack(answer))
              .doOnError(TimeoutException.class, late -> giveBack(answer))
              .map(token -> new HeldLease(store, name, token, times, sentAt));
        });
  }

  /** A lease that arrives when nobody waits for it any more would be held by nobody. */
  private void giveBack(Mono<Long> answer) {
    answer.flatMap(token -> store.release(name, token)).onErrorComplete().subscribe();
  }

  private Flux<LeaseState> hold(HeldLease held) {
    return held.isOver()
        ? Flux.empty()
        : held.untilLost()
            .thenMany(Mono.just(LeaseState.lost(name)))
            .startWith(LeaseState.held(name, held.token()));
  }

  /** After a loss, this lets the next holder in at once, if the store has no other yet. */
  private Mono<Void> release(HeldLease held) {
    return times.limited(Mono.defer(() -> store.release(name, held.token()))).onErrorComplete();
  }

  @Override
  public String toString() {
    return "Lease[" + name + "]";
  }

  /** Builds a {@link Lease}. Not safe for concurrent use. */
  public static final class Builder {

    private static final Duration LONGEST = Duration.ofDays(1);

    private final LeaseStore store;
    private final String name;
    private String holder = "";
    private Duration ttl = Duration.ofSeconds(15);
    private Duration skew = Duration.ofSeconds(1);
    private Scheduler scheduler = Schedulers.parallel();

    private Builder(LeaseStore store, String name) {
      this.store = given("store", store);
      this.name = given("name", name);
      if (name.isBlank()) {
        throw new InvalidConfigurationException("name", "is blank", "Give the lease a name");
      }
    }

    /** Sets who competes, for people who look into the store. Defaults to an empty text. */
    public Builder holder(String holder) {
      this.holder = given("holder", holder);
      return this;
    }

    /**
     * Sets how long the lease is held after a process has died. It is renewed at a third of this
     * time. Defaults to 15 seconds.
     *
     * @throws InvalidConfigurationException unless positive and at most a day
     */
    public Builder ttl(Duration ttl) {
      this.ttl = positive("ttl", ttl);
      return this;
    }

    /**
     * Sets how long before its end the lease counts as lost if it could not be renewed. It covers
     * clocks that run at different speeds, and the time that work needs to notice its cancellation.
     * Defaults to 1 second.
     *
     * @throws InvalidConfigurationException unless positive and at most a day
     */
    public Builder skew(Duration skew) {
      this.skew = positive("skew", skew);
      return this;
    }

    /**
     * Sets the scheduler for timers, and its clock for tests in virtual time. Defaults to {@code
     * Schedulers.parallel()}.
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = given("scheduler", scheduler);
      return this;
    }

    /**
     * Builds the lease.
     *
     * @throws InvalidConfigurationException if skew is longer than half of ttl
     */
    public Lease build() {
      if (skew.multipliedBy(2).compareTo(ttl) > 0) {
        throw new InvalidConfigurationException(
            "skew",
            "(" + skew + ") is longer than half of ttl (" + ttl + ")",
            "There would be no time for renewals: lower skew or raise ttl");
      }
      return new Lease(this, new LeaseTimes(ttl, skew, scheduler));
    }

    private static Duration positive(String option, Duration value) {
      if (given(option, value).isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
        throw new InvalidConfigurationException(
            option, "is " + value, "Give a time longer than zero and at most " + LONGEST);
      }
      return value;
    }

    private static <T> T given(String option, @Nullable T value) {
      if (value == null) {
        throw new InvalidConfigurationException(option, "is null", "Give a value");
      }
      return value;
    }
  }
}
