package io.batchflow;

/** What happens to a row when the table already holds a row with the same key. */
public enum ConflictStrategy {
  /** A plain insert: the database rejects the row. */
  FAIL,
  /** The existing row stays unchanged; the new row counts as written. */
  IGNORE,
  /**
   * The new row replaces the existing row completely. Columns that the new row leaves unset get the
   * table's defaults.
   */
  REPLACE,
  /**
   * The existing row takes the new row's values in the {@linkplain Schema#updateColumns() update
   * columns}. Columns that the new row leaves unset keep their value.
   */
  UPDATE;

  /** Whether the order of rows of one key matters. */
  boolean isLastOneWinning() {
    return this == UPDATE || this == REPLACE;
  }
}
