package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/**
 * Sends a slice's batch until it succeeds or fails finally. If the writer reports failures of
 * single rows, only the rows that may still succeed are sent again.
 */
final class RetryingWriter {

  private final TimedWrite write;
  private final LostWrites lost;
  private final PartialResults partial;
  private final RetryPolicy retry;

  RetryingWriter(TimedWrite write, LostWrites lost, PartialResults partial, RetryPolicy retry) {
    this.write = write;
    this.lost = lost;
    this.partial = partial;
    this.retry = retry;
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
    if (!isRetryable(slice, first)) {
      return Mono.error(first);
    }
    AtomicBoolean known = new AtomicBoolean(true);
    return Mono.defer(() -> known.getAndSet(false) ? Mono.error(first) : once(slice))
        .retryWhen(retry.of(slice, failure -> isRetryable(slice, failure)));
  }

  /** Waits until a lost attempt is over before the next one begins. */
  private Mono<BatchResult> once(BatchSlice slice) {
    return slice.lost == null ? attempt(slice) : lost.settle(slice).then(attempt(slice));
  }

  private Mono<BatchResult> attempt(BatchSlice slice) {
    return write
        .write(slice)
        .onErrorResume(WriteFailure.class, failure -> failed(slice, failure))
        .flatMap(result -> result.rejected().isEmpty() ? Mono.just(result) : partly(slice, result));
  }

  private Mono<BatchResult> failed(BatchSlice slice, WriteFailure failure) {
    return this.<BatchResult>settled(slice, failure)
        .doOnError(WriteFailure.class, settled -> lost.endUnrepeatable(slice, settled));
  }

  /** Signals the failure once the attempt is over, if that can be known. */
  private <T> Mono<T> settled(BatchSlice slice, WriteFailure failure) {
    if (failure.kind() == FailureKind.UNKNOWN) {
      lost.add(slice, failure);
    }
    return lost.settle(slice).then(Mono.error(failure));
  }

  /**
   * Handles rejected rows. If the result of some rows was lost, waits until their write is over.
   */
  private Mono<BatchResult> partly(BatchSlice slice, BatchResult result) {
    WriteFailure unknown = partial.lost(result);
    return unknown == null
        ? retriedInPart(slice, result)
        : this.<BatchResult>settled(slice, unknown)
            .onErrorResume(WriteFailure.class, known -> retriedInPart(slice, result));
  }

  /** Signals a failure if some rows may still succeed, so that these are retried. */
  private Mono<BatchResult> retriedInPart(BatchSlice slice, BatchResult result) {
    WriteFailure failure = partial.endOthers(slice, result, lost.isRepeatable(slice));
    return failure == null ? Mono.just(result) : Mono.error(failure);
  }

  private boolean isRetryable(BatchSlice slice, WriteFailure failure) {
    if (slice.lasting && failure.kind() == FailureKind.CONTENTION) {
      return false;
    }
    FailureKind kind = slice.ambiguous ? ambiguous(failure) : failure.kind();
    boolean unknown = kind == FailureKind.UNKNOWN;
    return FailureMeaning.isRetryable(kind, unknown && lost.isRepeatable(slice))
        && !slice.inFlight.isSettled();
  }

  private static FailureKind ambiguous(WriteFailure failure) {
    return FailureMeaning.isTemporary(failure.kind()) ? FailureKind.UNKNOWN : failure.kind();
  }
}
