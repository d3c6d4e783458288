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
 * Sends a slice's batch until it succeeds, or fails for good: whole, or by rows where the writer
 * tells them apart, of which only those that may yet succeed are sent again.
 */
final class RetryingWriter {

  /** Of one delivery; a rule that changes more often than this holds the rows up too long. */
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
   * Signals the result of the attempt that ended it, in which no row is left to be sent again, or a
   * {@link WriteFailure} for the rows that have no end yet.
   */
  Mono<BatchResult> write(BatchSlice slice) {
    return once(slice)
        .onErrorResume(
            WriteFailure.class,
            failure -> again(slice, failure).doOnTerminate(() -> lost.end(slice)));
  }

  /** Begins with the failure that is known: a write that succeeds pays nothing for a retry. */
  private Mono<BatchResult> again(BatchSlice slice, WriteFailure first) {
    if (!isWorthATry(slice, first)) {
      return Mono.error(first);
    }
    AtomicBoolean known = new AtomicBoolean(true);
    return Mono.defer(() -> known.getAndSet(false) ? Mono.error(first) : once(slice))
        .retryWhen(retryOf(slice));
  }

  /** A lost attempt is over before the next one begins. */
  private Mono<BatchResult> once(BatchSlice slice) {
    return slice.lost == null ? attempt(slice) : lost.settle(slice).then(attempt(slice));
  }

  private Mono<BatchResult> attempt(BatchSlice slice) {
    return Mono.defer(() -> send(slice))
        .publishOn(slice.delivery.scheduler())
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
    return write.write(slice.delivery, slice.equality(), batch);
  }

  /** A batch that was merged by another rule than the one that holds is made anew, a few times. */
  private static boolean isStale(BatchSlice slice, Throwable failure) {
    boolean stale =
        failure instanceof StaleKeysException && slice.delivery.staleKeys++ < MOST_STALE_KEYS;
    if (stale) {
      slice.attempts--;
    }
    return stale;
  }

  private WriteFailure failed(BatchSlice slice, Throwable failure) {
    Throwable reason = BadRowException.causeOf(failure);
    FailureKind kind = failures.of(reason);
    slice.ambiguous |= kind == FailureKind.UNKNOWN;
    slice.delivery.failed(kind);
    if (kind != FailureKind.PERMANENT) {
      backend.failed(slice.delivery.lane(), kind, reason); // that one may be a row's: see SliceEnds
    }
    return failure instanceof BadRowException named
        ? new WriteFailure(kind, reason, named.row())
        : new WriteFailure(kind, reason);
  }

  /** Fails all the same, but once the attempt is over, where that can be known. */
  private <T> Mono<T> settled(BatchSlice slice, WriteFailure failure) {
    if (failure.kind() == FailureKind.UNKNOWN) {
      lost.add(slice, failure, isRepeatable(slice));
    }
    return lost.settle(slice).then(Mono.error(failure));
  }

  /** What may be applied at any later time is not repeated, as it would undo the repeat. */
  private boolean isRepeatable(BatchSlice slice) {
    try {
      return !slice.mayComeLate && writer.isRepeatable(slice.batch());
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return false;
    }
  }

  /** Where some rows' verdicts were lost, looks at the rows once their write is over. */
  private Mono<BatchResult> sifted(BatchSlice slice, BatchResult result) {
    for (Throwable reason : result.rejected().values()) {
      if (failures.of(reason) == FailureKind.UNKNOWN) {
        return this.<BatchResult>settled(slice, new WriteFailure(FailureKind.UNKNOWN, reason))
            .onErrorResume(WriteFailure.class, known -> hopefulOnly(slice, result));
      }
    }
    return hopefulOnly(slice, result);
  }

  /** Where some rows may yet succeed: ends all the others, and fails for the sake of those. */
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
    slice.delivery.failed(hope.kind());
    slice.reassemble();
    return Mono.error(hope);
  }

  /** Whether rows that were merged are tried each by itself, as one of them may be bad. */
  boolean isWrittenApart(BatchSlice slice, int index, Throwable reason) {
    return slice.isShared(index) && failures.of(reason) != FailureKind.UNKNOWN;
  }

  /** Returns the failure of rows that are worth another try; null if no row is. */
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
    Scheduler scheduler = slice.delivery.scheduler();
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
              slots.yieldSlot(slice.delivery);
            })
        .doBeforeRetryAsync(signal -> budget.take().publishOn(scheduler))
        .doAfterRetryAsync(signal -> slots.reacquire(slice.delivery));
  }

  private boolean isWorthATry(BatchSlice slice, WriteFailure failure) {
    if (slice.lasting && failure.kind() == FailureKind.CONTENTION) {
      return false;
    }
    FailureKind kind = slice.ambiguous ? ambiguous(failure) : failure.kind();
    boolean unknown = kind == FailureKind.UNKNOWN;
    return FailureMeaning.isHopeful(kind, unknown && isRepeatable(slice))
        && !slice.delivery.isSettled();
  }

  private static FailureKind ambiguous(WriteFailure failure) {
    return FailureMeaning.passes(failure.kind()) ? FailureKind.UNKNOWN : failure.kind();
  }
}
