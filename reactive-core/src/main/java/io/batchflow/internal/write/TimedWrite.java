package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.Safely;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Makes one attempt to write a slice, with a time limit. At the limit the write is withdrawn if
 * nothing was sent, else interrupted, and cancelled after a grace period. Thread-safe.
 */
final class TimedWrite {

  /** The limit for one batch. A rule that changes more often would delay the rows too long. */
  private static final int MOST_STALE_KEYS = 16;

  private final BatchWriter writer;
  private final FailureMeaning failures;
  private final BackendHealth backend;
  private final EventLoop clock;
  private final Duration timeout;
  private final Duration grace;
  private final WriteTimeouts timeouts;

  TimedWrite(FlowConfig config, FailureMeaning failures, BackendHealth backend, EventLoop clock) {
    this.writer = config.writer;
    this.failures = failures;
    this.backend = backend;
    this.clock = clock;
    this.timeout = config.writeTimeout;
    this.grace = config.writeGrace;
    this.timeouts = new WriteTimeouts(timeout, clock, config.scheduler);
  }

  /**
   * Makes the attempt. Empty if the flow closes before it is sent.
   *
   * @return fails with a {@link WriteFailure}, or with {@link StaleKeysException} if the batch must
   *     be built again
   */
  Mono<BatchResult> write(BatchSlice slice) {
    return Mono.defer(() -> send(slice))
        .publishOn(slice.inFlight.scheduler())
        .doOnNext(result -> backend.answered(slice, result, failures::of))
        .onErrorMap(failure -> isStale(slice, failure) ? failure : failed(slice, failure));
  }

  private Mono<BatchResult> send(BatchSlice slice) {
    long now = clock.now();
    Batch batch = slice.prepare(now);
    if (batch == null) {
      return Mono.just(BatchResult.written(0));
    }
    if (slice.attempts++ == 0) {
      slice.startedAt = now;
    }
    return timed(slice.inFlight, slice.equality(), batch);
  }

  /** Returns whether the batch must be built again, because its rule for keys is out of date. */
  private static boolean isStale(BatchSlice slice, Throwable failure) {
    boolean stale =
        failure instanceof StaleKeysException && slice.inFlight.staleKeys++ < MOST_STALE_KEYS;
    if (stale) {
      slice.attempts--;
    }
    return stale;
  }

  private WriteFailure failed(BatchSlice slice, Throwable failure) {
    WriteFailure failed = failures.failure(failure);
    FailureKind kind = failed.kind();
    slice.ambiguous |= kind == FailureKind.UNKNOWN;
    slice.inFlight.failed(kind);
    if (kind != FailureKind.PERMANENT) {
      // A row may be the cause: see SliceEnds.
      backend.failed(slice.inFlight.lane(), kind, failed.reason());
    }
    return failed;
  }

  /**
   * @param merged the rule by which the rows were merged
   */
  private Mono<BatchResult> timed(InFlightBatch inFlight, KeyEquality merged, Batch batch) {
    Schema schema = batch.schema();
    AtomicBoolean decided = new AtomicBoolean();
    Mono<BatchResult> write =
        Mono.defer(
            () ->
                decided.compareAndSet(false, true)
                    ? written(inFlight, merged, batch)
                    : Mono.never());
    boolean known = schema.conflictKey().isEmpty() || writer.keyEquality(schema) != null;
    return Mono.firstWithSignal(
        known ? write : lookedUp(schema).then(write),
        overdue(batch, decided, inFlight.scheduler()));
  }

  /** A session that is lost before anything was sent is a transient failure. */
  private Mono<Void> lookedUp(Schema schema) {
    return Mono.defer(() -> writer.lookUp(schema))
        .onErrorMap(
            failure -> failures.of(failure) == FailureKind.UNKNOWN,
            failure -> NoResultException.notLookedUp(failure));
  }

  /** Returns how the backend compares keys; the most general rule if that is not known. */
  KeyEquality rule(Schema schema) {
    KeyEquality known = schema.conflictKey().isEmpty() ? null : writer.keyEquality(schema);
    return known == null ? KeyEquality.byBackend() : known;
  }

  private Mono<BatchResult> written(InFlightBatch inFlight, KeyEquality merged, Batch batch) {
    KeyEquality rule = rule(batch.schema());
    inFlight.comparedBy(rule);
    if (!rule.equals(merged)) {
      return Mono.error(new StaleKeysException(batch.schema()));
    }
    return inFlight.send(batch)
        ? written(batch).switchIfEmpty(Mono.error(NoResultException::absent))
        : Mono.empty();
  }

  /** Converts Errors to signals; Reactor would pass them to the scheduler. */
  private Mono<BatchResult> written(Batch batch) {
    Mono<BatchResult> write;
    try {
      write = Objects.requireNonNull(writer.write(batch), "BatchWriter.write returned null");
    } catch (Error broken) {
      // Nothing was sent: a write begins with its subscription.
      return Mono.error(new IllegalStateException("BatchWriter.write threw an error", broken));
    }
    return GuardedMono.guarded(() -> write);
  }

  /**
   * Ends the write at its time limit: withdraws it if nothing was sent, else interrupts it.
   *
   * @param decided whether the write has begun or has been prevented
   */
  private Mono<BatchResult> overdue(Batch batch, AtomicBoolean decided, Scheduler scheduler) {
    return timeouts
        .timeout(scheduler)
        .then(
            Mono.defer(
                () ->
                    decided.compareAndSet(false, true) || withdraw(batch)
                        ? Mono.error(NoResultException.notSent(timeout))
                        : interrupted(batch, scheduler)));
  }

  /** Asks the writer to end the write, and cancels it after the grace period. */
  private Mono<BatchResult> interrupted(Batch batch, Scheduler scheduler) {
    Mono<Void> ignored = Mono.never();
    return Mono.firstWithSignal(
            Mono.delay(grace, scheduler).then(),
            GuardedMono.guarded(() -> writer.interrupt(batch)).onErrorComplete().then(ignored))
        .then(Mono.error(() -> NoResultException.late(timeout)));
  }

  /** Ends the timer as soon as no write is in flight. */
  void close() {
    timeouts.close();
  }

  /** Returns whether nothing of a batch was sent, and nothing ever will be. */
  boolean withdraw(Batch batch) {
    try {
      return writer.withdraw(batch);
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return false;
    }
  }
}
