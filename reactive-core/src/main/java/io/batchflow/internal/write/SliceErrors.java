package io.batchflow.internal.write;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchWriteException;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.unit.Unit;

/** The errors that callers get for the rows of a failed slice. */
final class SliceErrors {

  private SliceErrors() {}

  /** Returns the error of a whole slice. */
  static BatchFlowException ofBatch(BatchSlice slice, WriteFailure failure) {
    return of(slice, failure, slice.inFlight.schema().table());
  }

  /**
   * Returns the error of a row. Of a unit, it names the bad row if the failure does.
   *
   * @param index the position of the row in the batch
   */
  static BatchFlowException ofRow(BatchSlice slice, WriteFailure failure, Row row, int index) {
    int position = index == failure.badRow() ? failure.positionIn(row) : -1;
    if (position < 0) {
      return of(slice, failure, Unit.tables(row));
    }
    Row bad = Unit.rows(row).get(position);
    return of(slice, failure, bad.schema().table()).initRow(bad, position);
  }

  /**
   * A row that is rejected now may have been applied by an earlier attempt whose result was lost.
   */
  private static BatchFlowException of(BatchSlice slice, WriteFailure failure, String table) {
    if (slice.ambiguous || failure.kind() == FailureKind.UNKNOWN) {
      return UnknownOutcomeException.noVerdict(table, failure.reason(), failure.error());
    }
    BatchFlowException ofRow = failure.ofRow(table);
    if (ofRow != null) {
      return ofRow;
    }
    boolean own =
        failure.kind() == FailureKind.DATA
            || (failure.kind() == FailureKind.PERMANENT && slice.inFlight.rowsToBlame());
    return own
        ? new RowRejectedException(table, slice.attempts, failure.reason(), failure.error())
        : new BatchWriteException(
            table,
            slice.batch().size(),
            slice.attempts,
            failure.reason(),
            FailureMeaning.isTemporary(failure.kind()),
            failure.error());
  }
}
