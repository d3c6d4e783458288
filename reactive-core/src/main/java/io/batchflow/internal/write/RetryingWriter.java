package io.batchflow.internal.write;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.StaleKeysException;
import io.batchflow.WriteResult;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Slots;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.Safely;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.RetryBackoffSpec;

/**
 * Sends a slice's batch until it succeeds or fails finally. If the writer reports failures of
 * single rows, only the rows that may still succeed are sent again.
 */
final class RetryingWriter {

  /** The limit for one batch. A rule that changes more often would delay the rows too long. */
  private static final int MOST_STALE_KEYS = 16;

  final LongAdder retries = new LongAdder();

  private final BatchWriter writer;
  private final FailureMeaning failures;
  private final TimedWrite write;
  private final RetryBackoffSpec retry;
  private final Listeners listeners;
  private final EventLoop clock;
  private final RetryBudget budget;
  private final BackendHealth backend;
  private final LostWrites lost;
  private final Slots slots;

  RetryingWriter(
      FlowConfig config,
      FailureMeaning failures,
      TimedWrite write,
      EventLoop clock,
      Listeners listeners,
      BackendHealth backend,
      LostWrites lost,
      Slots slots) {
    this.writer = config.writer;
    this.failures = failures;
    this.write = write;
    this.retry = config.retry.onRetryExhaustedThrow((spec, signal) -> signal.failure());
    this.listeners = listeners;
    this.clock = clock;
    this.budget = new RetryBudget(config, clock);
    this.backend = backend;
    this.lost = lost;
    this.slots = slots;
  }

  /**
   * Signals the result of the last attempt, after which no row must be sent again, or a {@link
   * WriteFailure} for the rows without an outcome.
   */
  Mono<BatchResult> write(BatchSlice slice) {
    return once(slice)
        .onErrorResume(
            WriteFailure.class,
            failure -> again(slice, failure).doOnTerminate(() -> lost.end(slice)));
  }

  /** Starts with the known failure, so that a successful write has no cost for retries. */
  private Mono<BatchResult> again(BatchSlice slice, WriteFailure first) {
    if (!isWorthATry(slice, first)) {
      return Mono.error(first);
    }
    AtomicBoolean known = new AtomicBoolean(true);
    return Mono.defer(() -> known.getAndSet(false) ? Mono.error(first) : once(slice))
        .retryWhen(retryOf(slice));
  }

  /** Waits until a lost attempt is over before the next one begins. */
  private Mono<BatchResult> once(BatchSlice slice) {
    return slice.lost == null ? attempt(slice) : lost.settle(slice).then(attempt(slice));
  }

  private Mono<BatchResult> attempt(BatchSlice slice) {
    return Mono.defer(() -> send(slice))
        .publishOn(slice.inFlight.scheduler())
        .doOnNext(result -> backend.answered(slice, result, failures::of))
        .onErrorResume(
            failure ->
                isStale(slice, failure)
                    ? Mono.error(failure)
                    : settled(slice, failed(slice, failure)))
        .flatMap(result -> result.rejected().isEmpty() ? Mono.just(result) : sifted(slice, result));
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
    return write.write(slice.inFlight, slice.equality(), batch);
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
    Throwable reason = BadRowException.causeOf(failure);
    FailureKind kind = failures.of(reason);
    slice.ambiguous |= kind == FailureKind.UNKNOWN;
    slice.inFlight.failed(kind);
    if (kind != FailureKind.PERMANENT) {
      backend.failed(slice.inFlight.lane(), kind, reason); // a row may be the cause: see SliceEnds
    }
    return failure instanceof BadRowException named
        ? new WriteFailure(kind, reason, named.row())
        : new WriteFailure(kind, reason);
  }

  /** Signals the failure once the attempt is over, if that can be known. */
  private <T> Mono<T> settled(BatchSlice slice, WriteFailure failure) {
    if (failure.kind() == FailureKind.UNKNOWN) {
      lost.add(slice, failure, isRepeatable(slice));
    }
    return lost.settle(slice).then(Mono.error(failure));
  }

  /** A write that may be applied later is not repeated, since it would overwrite the repeat. */
  private boolean isRepeatable(BatchSlice slice) {
    try {
      return !slice.mayComeLate && writer.isRepeatable(slice.batch());
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return false;
    }
  }

  /**
   * Handles rejected rows. If the result of some rows was lost, waits until their write is over.
   */
  private Mono<BatchResult> sifted(BatchSlice slice, BatchResult result) {
    for (Throwable reason : result.rejected().values()) {
      if (failures.of(reason) == FailureKind.UNKNOWN) {
        return this.<BatchResult>settled(slice, new WriteFailure(FailureKind.UNKNOWN, reason))
            .onErrorResume(WriteFailure.class, known -> hopefulOnly(slice, result));
      }
    }
    return hopefulOnly(slice, result);
  }

  /**
   * If some rows may still succeed, ends all others and signals a failure, so that these are
   * retried.
   */
  private Mono<BatchResult> hopefulOnly(BatchSlice slice, BatchResult result) {
    boolean repeatable = isRepeatable(slice);
    WriteFailure hope = hopeful(result, repeatable);
    if (hope == null) {
      return Mono.just(result);
    }
    listeners.written(slice.batch(), result, slice.attempts, slice.took(clock.now()));
    WriteResult.Write write = slice.write(clock.now());
    for (int i = slice.from; i < slice.to; i++) {
      int index = slice.indexInBatch(i);
      if (index < 0) {
        continue;
      }
      Throwable reason = result.rejected().get(index);
      if (reason == null) {
        slice.end(i, write, result);
      } else if (!FailureMeaning.isHopeful(failures.of(reason), repeatable)
          && !isWrittenApart(slice, index, reason)) {
        slice.end(i, new WriteFailure(failures.of(reason), reason));
      }
    }
    slice.ambiguous |= hope.kind() == FailureKind.UNKNOWN;
    slice.inFlight.failed(hope.kind());
    slice.reassemble();
    return Mono.error(hope);
  }

  /** Whether merged rows are retried one by one, since one of them may be bad. */
  boolean isWrittenApart(BatchSlice slice, int index, Throwable reason) {
    return slice.isShared(index) && failures.of(reason) != FailureKind.UNKNOWN;
  }

  /** Returns the failure of rows that are worth a retry; null if there is none. */
  private @Nullable WriteFailure hopeful(BatchResult result, boolean repeatable) {
    WriteFailure hope = null;
    for (Throwable reason : result.rejected().values()) {
      FailureKind kind = failures.of(reason);
      if (FailureMeaning.isHopeful(kind, repeatable)
          && (hope == null || kind == FailureKind.UNKNOWN)) {
        hope = new WriteFailure(kind, reason);
      }
    }
    return hope;
  }

  private RetryBackoffSpec retryOf(BatchSlice slice) {
    Scheduler scheduler = slice.inFlight.scheduler();
    return retry
        .scheduler(scheduler)
        .filter(
            failure ->
                failure instanceof WriteFailure attempt
                    && isWorthATry(slice, attempt)
                    && retry.errorFilter.test(attempt.reason()))
        .doBeforeRetry(
            signal -> {
              retries.increment();
              Throwable reason = ((WriteFailure) signal.failure()).reason();
              listeners.retry(slice.batch(), slice.attempts, reason);
              slots.yieldSlot(slice.inFlight);
            })
        .doBeforeRetryAsync(signal -> budget.take().publishOn(scheduler))
        .doAfterRetryAsync(signal -> slots.reacquire(slice.inFlight));
  }

  private boolean isWorthATry(BatchSlice slice, WriteFailure failure) {
    if (slice.lasting && failure.kind() == FailureKind.CONTENTION) {
      return false;
    }
    FailureKind kind = slice.ambiguous ? ambiguous(failure) : failure.kind();
    boolean unknown = kind == FailureKind.UNKNOWN;
    return FailureMeaning.isHopeful(kind, unknown && isRepeatable(slice))
        && !slice.inFlight.isSettled();
  }

  private static FailureKind ambiguous(WriteFailure failure) {
    return FailureMeaning.passes(failure.kind()) ? FailureKind.UNKNOWN : failure.kind();
  }
}
