package io.batchflow.internal.write;

import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.WriteResult;
import org.jspecify.annotations.Nullable;

/**
 * Handles results in which the writer reports failures of single rows. Only the rows that may still
 * succeed are sent again. Thread-safe.
 */
final class PartialResults {

  private final FailureMeaning failures;
  private final SliceEnds ends;

  PartialResults(FailureMeaning failures, SliceEnds ends) {
    this.failures = failures;
    this.ends = ends;
  }

  /** Returns the failure of rows whose result was lost; null if there are none. */
  @Nullable WriteFailure lost(BatchResult result) {
    for (Throwable reason : result.rejected().values()) {
      if (failures.of(reason) == FailureKind.UNKNOWN) {
        return new WriteFailure(FailureKind.UNKNOWN, reason, null);
      }
    }
    return null;
  }

  /**
   * If some rows may still succeed, ends all others and returns the failure for which these are
   * retried; null if there are none.
   */
  @Nullable WriteFailure endOthers(BatchSlice slice, BatchResult result, boolean repeatable) {
    WriteFailure failure = worthARetry(result, repeatable);
    if (failure == null) {
      return null;
    }
    WriteResult.Write write = ends.written(slice, result);
    for (int i = slice.from; i < slice.to; i++) {
      int index = slice.indexInBatch(i);
      if (index < 0) {
        continue;
      }
      Throwable reason = result.rejected().get(index);
      if (reason == null) {
        slice.end(i, write, result);
      } else if (!FailureMeaning.isRetryable(failures.of(reason), repeatable)
          && !failures.isWrittenApart(slice, index, reason)) {
        slice.end(i, failures.failure(reason));
      }
    }
    slice.ambiguous |= failure.kind() == FailureKind.UNKNOWN;
    slice.inFlight.failed(failure.kind());
    slice.reassemble();
    return failure;
  }

  /** Returns the failure of rows that are worth a retry; null if there is none. */
  private @Nullable WriteFailure worthARetry(BatchResult result, boolean repeatable) {
    WriteFailure found = null;
    for (Throwable reason : result.rejected().values()) {
      FailureKind kind = failures.of(reason);
      if (FailureMeaning.isRetryable(kind, repeatable)
          && (found == null || kind == FailureKind.UNKNOWN)) {
        found = failures.failure(reason);
      }
    }
    return found;
  }
}
