package io.batchflow;

import io.batchflow.internal.check.Checks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
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
 * Measures the progress of one load.
 *
 * <pre>{@code
 * ProgressMeter meter = flow.progressOf(1_000_000);
 * meter.every(Duration.ofSeconds(1)).subscribe(progress -> ...);
 * flow.submitAll(rows).transform(meter::follow).subscribe(...);
 * }</pre>
 *
 * <p>Thread-safe. Costs one counter increment for each row.
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
   * Counts the outcomes and passes them on unchanged. The load starts with the subscription and
   * ends when the stream completes, fails or is cancelled.
   *
   * @return the outcomes. Fails with {@link IllegalStateException} on a second subscription
   */
  public <T> Flux<Outcome<T>> follow(Publisher<Outcome<T>> outcomes) {
    return Flux.defer(
        () -> {
          if (!taken.compareAndSet(false, true)) {
            return Flux.error(
                new IllegalStateException(
                    "A ProgressMeter measures one load. Create one for each load."));
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
   * Emits a snapshot in every interval, and a last one when the load ends or the flow is closed.
   *
   * <p>Cold; each subscription has its own timer. A subscriber that is slower than the interval
   * skips snapshots, but always receives the last one. Signals arrive on the flow's scheduler, the
   * last snapshot on the thread that ends the load.
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

  /** Does not use takeUntilOther, which can lose an end that comes during the subscription. */
  private void tick(Duration interval, FluxSink<Progress> sink) {
    sink.onDispose(
        Disposables.composite(
            Flux.interval(interval, scheduler).subscribe(tick -> sink.next(now()), sink::error),
            Mono.firstWithSignal(ended.asMono(), flowClosed)
                .subscribe(null, sink::error, sink::complete)));
  }

  /** Returns the counts alone; a rate needs more than one snapshot. */
  private Progress now() {
    Long end = endedAt;
    return new Progress(
        count(OutcomeStatus.WRITTEN),
        count(OutcomeStatus.REJECTED),
        count(OutcomeStatus.INVALID),
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

  /** Estimates the recent rate and the remaining time of a load from consecutive snapshots. */
  private static final class RateEstimator {

    /** Enough to smooth out batches, few enough to follow a change. */
    private static final int SNAPSHOTS = 10;

    private record Point(long rows, Duration elapsed) {}

    private final Deque<Point> latest = new ArrayDeque<>();

    RateEstimator() {
      latest.add(new Point(0, Duration.ZERO));
    }

    Progress judged(Progress seen) {
      Point from = seen.ended() ? new Point(0, Duration.ZERO) : latest.getFirst();
      double seconds = seen.elapsed().minus(from.elapsed).toNanos() / 1e9;
      double rowsPerSecond = seconds > 0 ? (seen.done() - from.rows) / seconds : 0;
      latest.addLast(new Point(seen.done(), seen.elapsed()));
      if (latest.size() > SNAPSHOTS) {
        latest.removeFirst();
      }
      return new Progress(
          seen.written(),
          seen.rejected(),
          seen.invalid(),
          seen.unknown(),
          seen.notSent(),
          seen.total(),
          seen.elapsed(),
          rowsPerSecond,
          remaining(seen, rowsPerSecond),
          seen.ended());
    }

    private static @Nullable Duration remaining(Progress seen, double rowsPerSecond) {
      Long total = seen.total();
      if (total == null || seen.ended() || rowsPerSecond == 0) {
        return null;
      }
      long left = Math.max(0, total - seen.done());
      return Duration.ofMillis((long) (left * 1_000 / rowsPerSecond));
    }
  }
}
