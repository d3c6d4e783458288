package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;

/**
 * Makes a statement fail if the table has changed since it was read. Otherwise a value would be
 * cast to the old type of its column, and rows would be merged although a trigger gives them
 * different keys. The guard is an OFFSET, so that it is evaluated once for all rows.
 */
final class H2Guard {

  /** SIGNAL takes any SQLSTATE. Class 42 includes errors of a wrong table. */
  private static final String ALTERED = "42B01";

  private H2Guard() {}

  /**
   * Returns the clause. It compares the types of the columns that rows set; for REPLACE, of all.
   */
  static String of(SqlTable table, List<SqlColumn> present) {
    boolean replaces = table.schema().onConflict() == ConflictStrategy.REPLACE;
    return " OFFSET CASE WHEN "
        + SqlText.list(
            " AND ",
            replaces ? table.columns() : present,
            column ->
                typeAt(table, table.columns().indexOf(column) + 1) + " = " + literal(column.type()))
        + (replaces ? " AND " + typeAt(table, table.columns().size() + 1) + " IS NULL" : "")
        + (mergesRows(table) ? " AND " + hasNoTrigger(table) : "")
        + " THEN 0 ELSE SIGNAL('"
        + ALTERED
        + "', 'The table was altered') END ROWS";
  }

  /** Returns whether rows with the same key become one row, or are sorted by their keys. */
  private static boolean mergesRows(SqlTable table) {
    return table.schema().onConflict() != ConflictStrategy.FAIL
        && !table.schema().conflictKey().isEmpty()
        && !SqlKeys.rewritesKeys(table);
  }

  private static String hasNoTrigger(SqlTable table) {
    return "NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = "
        + literal(table.path().get(0))
        + " AND EVENT_OBJECT_TABLE = "
        + literal(table.path().get(1))
        + ")";
  }

  private static String typeAt(SqlTable table, int position) {
    return "DATA_TYPE_SQL("
        + literal(table.path().get(0))
        + ", "
        + literal(table.path().get(1))
        + ", 'TABLE', '"
        + position
        + "')";
  }

  /** r2dbc-h2 splits statements at every semicolon, even a quoted one. This form has none. */
  private static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return quoted.contains(";")
        ? "U&" + quoted.replace("\\", "\\\\").replace(";", "\\003b")
        : quoted;
  }
}
