package io.batchflow;

import io.batchflow.spi.Printable;
import java.time.Instant;

/**
 * A rejected row, as passed to {@link BatchFlow.Builder#deadLetter}. Unlike the exceptions of this
 * library, it holds the row's values.
 *
 * @param row the row: the submitted object, or a row of the submitted unit. All rows of a rejected
 *     unit are passed, in their order and with the same reason
 * @param reason why it was not written
 * @param time when that became known, by the system clock
 */
public record RejectedRow(Row row, BatchFlowException reason, Instant time) {

  /** Returns how often the row's last batch was sent. */
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
