package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;

/**
 * What makes a statement fail, with an error of class 42, once the table is another than it was
 * when it was looked up: then a value would take the way over its column's old type.
 *
 * <p>The server compares the types when it analyses the statement, for which it has locked the
 * table already. There is no row of the table to read, and no right to have; nothing is left of the
 * condition when the statement runs.
 */
final class PostgresGuard {

  private PostgresGuard() {}

  /** Returns the WHERE clause: the types of the columns that rows set, or, to replace, of all. */
  static String of(SqlTable table, List<SqlColumn> present, SqlText text) {
    boolean replaces = table.schema().onConflict() == ConflictStrategy.REPLACE;
    String row = "(NULL::" + text.table(table) + ")";
    return " WHERE true OR ("
        + SqlText.list(
            " AND ", replaces ? table.columns() : present, column -> hasType(row, column, text))
        + (replaces ? " AND " + hasColumns(row, table.columns().size()) : "")
        + ")";
  }

  /** Arrays are equal to those of the very same type alone; an array of arrays cannot be filled. */
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
