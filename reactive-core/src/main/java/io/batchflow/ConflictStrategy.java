package io.batchflow;

/** What a row does when the table already holds a row with the same key. */
public enum ConflictStrategy {
  /** A plain insert: the row is rejected, with the database's own reason. */
  FAIL,
  /** The row that is there stays as it is; the new one counts as written. */
  IGNORE,
  /**
   * The row that is there gives way to the new one, whole: columns that the new row leaves unset
   * get the table's defaults.
   */
  REPLACE,
  /**
   * The row that is there takes the new row's values in the {@linkplain Schema#updateColumns()
   * update columns}; a column that the new row leaves unset keeps what the table has.
   */
  UPDATE;

  /** Whether the order of rows of one key matters. */
  boolean isLastOneWinning() {
    return this == UPDATE || this == REPLACE;
  }
}
