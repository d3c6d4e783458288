package io.batchflow;

/** What happens to a row when the table does not hold its key. */
public enum AbsentStrategy {
  /** The row is inserted. */
  INSERT,
  /** The row is rejected with a {@link RowAbsentException}. */
  REJECT,
  /** Nothing happens; the row counts as written. */
  IGNORE
}
