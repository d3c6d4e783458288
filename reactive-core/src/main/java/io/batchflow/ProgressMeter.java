package io.batchflow;

import io.batchflow.internal.check.Checks;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Follows one load and tells how far it is.
 *
 * <pre>{@code
 * ProgressMeter meter = flow.progressOf(1_000_000);
 * meter.every(Duration.ofSeconds(1)).subscribe(progress -> ...);
 * flow.submitAll(rows).transform(meter::follow).subscribe(...);
 * }</pre>
 *
 * <p>Safe for any thread. Costs one count for each row.
 */
public final class ProgressMeter {

  private final LongSupplier clock;
  private final Scheduler scheduler;
  private final Mono<Void> flowClosed;
  private final @Nullable Long total;

  private final Map<OutcomeStatus, LongAdder> rows = new EnumMap<>(OutcomeStatus.class);

  private final AtomicBoolean taken = new AtomicBoolean();
  private final Sinks.Empty<Void> ended = Sinks.empty();
  private volatile @Nullable Long startedAt;
  private volatile @Nullable Long endedAt;

  ProgressMeter(
      LongSupplier clock, Scheduler scheduler, Mono<Void> flowClosed, @Nullable Long total) {
    this.clock = clock;
    this.scheduler = scheduler;
    this.flowClosed = flowClosed;
    this.total = total;
    for (OutcomeStatus status : OutcomeStatus.values()) {
      rows.put(status, new LongAdder());
    }
  }

  /**
   * Counts the outcomes that pass, and changes nothing about them. The load starts with the
   * subscription and ends with the stream, however it ends.
   *
   * @return the outcomes. Fails with {@link IllegalStateException} when subscribed to again: a
   *     meter follows one load
   */
  public Flux<Outcome> follow(Publisher<Outcome> outcomes) {
    return Flux.defer(
        () -> {
          if (!taken.compareAndSet(false, true)) {
            return Flux.error(
                new IllegalStateException("A ProgressMeter follows one load; take one for each"));
          }
          startedAt = clock.getAsLong();
          return Flux.from(outcomes)
              .doOnNext(outcome -> counter(outcome.status()).increment())
              .doOnTerminate(this::end)
              .doOnCancel(this::end);
        });
  }

  private void end() {
    endedAt = clock.getAsLong();
    ended.tryEmitEmpty();
  }

  /**
   * Takes a snapshot in every interval, and a last one when the load ends or the flow is closed.
   *
   * <p>Cold; each subscription has its own pace. A subscriber that is slower than the interval gets
   * the latest snapshot and misses those before it, but never the last. Signals come on the flow's
   * scheduler, the last snapshot on the thread that ends the load.
   *
   * @throws InvalidConfigurationException unless the interval is positive and at most a day
   */
  public Flux<Progress> every(Duration interval) {
    Checks.positive("interval", interval);
    return Flux.defer(
        () ->
            Flux.<Progress>create(sink -> tick(interval, sink), FluxSink.OverflowStrategy.LATEST)
                .concatWith(Mono.fromSupplier(this::now))
                .map(new RateEstimator()::judged));
  }

  /** Not takeUntilOther: it may lose an end that comes while it is subscribed to. */
  private void tick(Duration interval, FluxSink<Progress> sink) {
    sink.onDispose(
        Disposables.composite(
            Flux.interval(interval, scheduler).subscribe(tick -> sink.next(now()), sink::error),
            Mono.firstWithSignal(ended.asMono(), flowClosed)
                .subscribe(null, sink::error, sink::complete)));
  }

  /** Returns what is counted; the pace is not known of a single snapshot. */
  private Progress now() {
    Long end = endedAt;
    return new Progress(
        count(OutcomeStatus.WRITTEN),
        count(OutcomeStatus.REJECTED),
        count(OutcomeStatus.UNKNOWN),
        count(OutcomeStatus.NOT_SENT),
        total,
        elapsed(end == null ? clock.getAsLong() : end),
        0,
        null,
        end != null);
  }

  private Duration elapsed(long now) {
    Long start = startedAt;
    return start == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - start));
  }

  private long count(OutcomeStatus status) {
    return counter(status).sum();
  }

  private LongAdder counter(OutcomeStatus status) {
    return Objects.requireNonNull(rows.get(status));
  }
}
