package io.batchflow;

/**
 * The table does not hold the key of a row that may only update: {@link AbsentStrategy#REJECT}.
 * Nothing of the row is applied. A writer reports it in {@link BatchResult#partly}.
 */
public final class RowAbsentException extends BatchFlowException {

  /**
   * Creates the exception.
   *
   * @param table the table of the row
   */
  public RowAbsentException(String table) {
    super(
        table,
        "Table '"
            + table
            + "' has no row with the key of a row that may only update. Insert it first, or use"
            + " onAbsent(INSERT) or onAbsent(IGNORE).",
        null,
        false);
  }
}
