package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;

/**
 * Makes a statement fail, with an error of class 42, if the table has changed since it was read.
 * Otherwise a value would be converted through the old type of its column.
 *
 * <p>The server compares the types when it analyses the statement, after it has locked the table.
 * The condition reads no row, needs no privilege, and is gone when the statement runs.
 */
final class PostgresGuard {

  private PostgresGuard() {}

  /**
   * Returns the WHERE clause. It compares the types of the columns that rows set; for REPLACE, of
   * all.
   */
  static String of(SqlTable table, List<SqlColumn> present, SqlText text) {
    boolean replaces = table.schema().onConflict() == ConflictStrategy.REPLACE;
    String row = "(NULL::" + text.table(table) + ")";
    return " WHERE true OR ("
        + SqlText.list(
            " AND ", replaces ? table.columns() : present, column -> hasType(row, column, text))
        + (replaces ? " AND " + hasColumns(row, table.columns().size()) : "")
        + ")";
  }

  /** Arrays are comparable only if they have the same type. An array of arrays cannot be filled. */
  private static String hasType(String row, SqlColumn column, SqlText text) {
    String value = row + "." + text.name(column);
    return column.castType().endsWith("[]")
        ? value + " = '{}'::" + column.castType()
        : "pg_catalog.array_fill(" + value + ", '{}') = '{}'::" + column.type() + "[]";
  }

  private static String hasColumns(String row, int count) {
    return "EXISTS (SELECT " + row + ".* UNION ALL SELECT NULL" + ", NULL".repeat(count - 1) + ")";
  }
}
