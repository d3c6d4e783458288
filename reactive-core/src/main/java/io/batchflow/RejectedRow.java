package io.batchflow;

import io.batchflow.spi.Printable;
import java.time.Instant;

/**
 * A row that ended as rejected, on its way to where such rows are kept: see {@link
 * BatchFlow.Builder#deadLetter}. Unlike all else that this library hands out of a failure, it holds
 * the row's values.
 *
 * @param row the row, the very object that was submitted
 * @param reason why it was not written
 * @param time when that was known, by the wall's clock
 */
public record RejectedRow(Row row, BatchFlowException reason, Instant time) {

  /** Returns how often the batch that the row was rejected in was sent. */
  public int attempts() {
    if (reason instanceof RowRejectedException rejected) {
      return rejected.attempts();
    }
    return reason instanceof BatchWriteException failed ? failed.attempts() : 0;
  }

  /** Names the table and the reason's type; never a value. */
  @Override
  public String toString() {
    return Printable.line(
        "RejectedRow[table="
            + row.schema().table()
            + ", reason="
            + reason.getClass().getSimpleName()
            + "]");
  }
}
