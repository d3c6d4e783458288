package io.batchflow.internal.write;

import io.batchflow.BackendError;
import io.batchflow.BatchFlowException;
import io.batchflow.FailureKind;
import io.batchflow.InvalidRowException;
import io.batchflow.RowAbsentException;
import org.jspecify.annotations.Nullable;

/** A failed attempt and its kind. Internal to the {@link WritePath}. */
final class WriteFailure extends RuntimeException {

  private static final int NO_ROW = -1;

  private final FailureKind kind;
  private final Throwable reason;
  private final int badRow;
  private final @Nullable BackendError error;

  WriteFailure(FailureKind kind, Throwable reason, @Nullable BackendError error) {
    this(kind, reason, error, NO_ROW);
  }

  /**
   * @param error what the backend said, or null
   * @param badRow the position in the batch of the row that caused the failure
   */
  WriteFailure(FailureKind kind, Throwable reason, @Nullable BackendError error, int badRow) {
    super(reason.getClass().getName(), reason, false, false);
    this.kind = kind;
    this.reason = reason;
    this.badRow = badRow;
    this.error = error;
  }

  FailureKind kind() {
    return kind;
  }

  /** Returns the writer's own failure. */
  Throwable reason() {
    return reason;
  }

  /** Returns what the backend said; null if nothing is known. */
  @Nullable BackendError error() {
    return error;
  }

  /** Returns the error of a row that is known as absent or as unsendable; null for any other. */
  @Nullable BatchFlowException ofRow(String table) {
    if (reason instanceof RowAbsentException) {
      return new RowAbsentException(table);
    }
    return kind == FailureKind.INVALID ? InvalidRowException.unsendable(table, reason) : null;
  }

  /** Returns the position in the batch of the row that caused the failure; -1 if not known. */
  int badRow() {
    return badRow;
  }
}
