package io.batchflow.internal.write;

import io.batchflow.BackendError;
import io.batchflow.BadRowException;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.RowAbsentException;
import io.batchflow.StaleKeysException;
import io.batchflow.internal.loop.Safely;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Classifies failures of a writer, even if the code that knows them throws. Thread-safe. */
final class FailureMeaning {

  private final FailureClassifier classifier;
  private final BatchWriter writer;

  FailureMeaning(FailureClassifier classifier, BatchWriter writer) {
    this.classifier = classifier;
    this.writer = writer;
  }

  /** An Error may interrupt the write at any point, so it counts as unknown. */
  FailureKind of(Throwable signalled) {
    Throwable failure = BadRowException.causeOf(signalled);
    if (failure instanceof StaleKeysException) {
      return FailureKind.TRANSIENT;
    }
    if (failure instanceof NoResultException own) {
      return own.kind;
    }
    if (failure instanceof RowAbsentException) {
      return FailureKind.DATA;
    }
    if (failure instanceof Error) {
      return FailureKind.UNKNOWN;
    }
    try {
      return Objects.requireNonNull(classifier.classify(failure), "The classifier returned null");
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return FailureKind.UNKNOWN;
    }
  }

  /** Returns whether merged rows are retried one by one, since one of them may be bad. */
  boolean isWrittenApart(BatchSlice slice, int index, Throwable reason) {
    return slice.isShared(index) && of(reason) != FailureKind.UNKNOWN;
  }

  /** Returns the failure of a row, with its kind and the backend's codes. */
  WriteFailure failure(Throwable signalled) {
    FailureKind kind = of(signalled);
    Throwable reason = BadRowException.causeOf(signalled);
    BackendError error = errorOf(reason);
    return signalled instanceof BadRowException named
        ? new WriteFailure(kind, reason, error, named.row(), named.positionInUnit())
        : new WriteFailure(kind, reason, error);
  }

  /** Returns what the backend said about a failure; null if nothing is known. */
  @Nullable BackendError errorOf(Throwable failure) {
    try {
      return writer.backendError(failure);
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return null;
    }
  }

  /** Returns whether nothing was applied and a retry may succeed. */
  static boolean isTemporary(FailureKind kind) {
    return kind == FailureKind.TRANSIENT || kind == FailureKind.CONTENTION;
  }

  /**
   * Returns whether a retry is worthwhile; after an unknown failure only if a repeat is harmless.
   */
  static boolean isRetryable(FailureKind kind, boolean repeatable) {
    return isTemporary(kind) || (kind == FailureKind.UNKNOWN && repeatable);
  }

  /**
   * Returns whether the cause may be a row or the table. Only rows that are written alone can tell.
   */
  static boolean isInconclusive(FailureKind kind) {
    return kind == FailureKind.PERMANENT || kind == FailureKind.CONTENTION;
  }
}
