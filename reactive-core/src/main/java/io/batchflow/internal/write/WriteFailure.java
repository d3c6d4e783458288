package io.batchflow.internal.write;

import io.batchflow.BackendError;
import io.batchflow.BatchFlowException;
import io.batchflow.FailureKind;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.unit.Unit;
import org.jspecify.annotations.Nullable;

/** A failed attempt and its kind. Internal to the {@link WritePath}. */
final class WriteFailure extends RuntimeException {

  private static final int NO_ROW = -1;

  private final FailureKind kind;
  private final Throwable reason;
  private final int badRow;
  private final int positionInUnit;
  private final @Nullable BackendError error;

  WriteFailure(FailureKind kind, Throwable reason, @Nullable BackendError error) {
    this(kind, reason, error, NO_ROW, NO_ROW);
  }

  /**
   * @param error what the backend said, or null
   * @param badRow the position in the batch of the row that caused the failure
   * @param positionInUnit the position in its unit of the row that caused the failure
   */
  WriteFailure(
      FailureKind kind,
      Throwable reason,
      @Nullable BackendError error,
      int badRow,
      int positionInUnit) {
    super(reason.getClass().getName(), reason, false, false);
    this.kind = kind;
    this.reason = reason;
    this.badRow = badRow;
    this.positionInUnit = positionInUnit;
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

  /**
   * Returns the position of the row that caused the failure of a unit that was written alone; -1 if
   * it is not known, or if the row is no unit.
   */
  int positionIn(Row unit) {
    return positionInUnit < Unit.rows(unit).size() && Unit.isUnit(unit) ? positionInUnit : NO_ROW;
  }
}
