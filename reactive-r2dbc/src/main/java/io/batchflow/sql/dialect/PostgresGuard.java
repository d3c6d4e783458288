package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a statement fail, with an error of class 42, if the table has changed since it was read.
 * Otherwise a value would be converted through the old type of its column, and rows would be merged
 * and sorted by keys that are no longer compared in that way.
 *
 * <p>The server compares the types when it analyses the statement, after it has locked the table.
 * That condition reads no row, needs no privilege, and is gone when the statement runs. How keys
 * are compared is checked once when the statement runs: a trigger and a collation have no type.
 */
final class PostgresGuard {

  /** No session has this parameter, so that its value is an error of class 42. */
  private static final String FAIL =
      "pg_catalog.current_setting('batchflow.the_table_was_altered') IS NULL";

  private PostgresGuard() {}

  /**
   * Returns the WHERE clause. It compares the types of the columns that rows set; for REPLACE, of
   * all.
   */
  static String of(SqlTable table, List<SqlColumn> present, SqlText text) {
    boolean replaces = table.schema().onConflict() == ConflictStrategy.REPLACE;
    String row = "(NULL::" + text.table(table) + ")";
    return " WHERE "
        + (mergesRows(table) ? unchangedKeys(table, row, text) + " AND " : "")
        + "(true OR ("
        + SqlText.list(
            " AND ", replaces ? table.columns() : present, column -> hasType(row, column, text))
        + (replaces ? " AND " + hasColumns(row, table.columns().size()) : "")
        + "))";
  }

  /** Returns whether rows with the same key become one row, or are sorted by their keys. */
  private static boolean mergesRows(SqlTable table) {
    Schema schema = table.schema();
    return schema.onConflict() != ConflictStrategy.FAIL
        && !schema.conflictKey().isEmpty()
        && !PostgresKeys.rejectsRepeated(table);
  }

  /** Fails if a trigger may replace keys, or if a column of the key has another collation. */
  private static String unchangedKeys(SqlTable table, String row, SqlText text) {
    String isTable = "= " + SqlText.literal(text.table(table)) + "::regclass";
    return "CASE WHEN "
        + PostgresCatalog.TRIGGER_BEFORE_INSERT.formatted(isTable)
        + table.conflictKey().stream()
            .filter(column -> !PostgresKeys.collation(column).isEmpty())
            .map(column -> " OR " + hasOtherCollation(row, column, text))
            .collect(Collectors.joining())
        + " THEN "
        + FAIL
        + " ELSE true END";
  }

  private static String hasOtherCollation(String row, SqlColumn column, SqlText text) {
    return "pg_catalog.pg_collation_for("
        + row
        + "."
        + text.name(column)
        + ") IS DISTINCT FROM "
        + SqlText.literal(PostgresKeys.collation(column))
        + "::regcollation::text";
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
