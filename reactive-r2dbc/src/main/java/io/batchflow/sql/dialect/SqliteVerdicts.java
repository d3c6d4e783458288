package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;

/**
 * The queries for the keys of a statement's rows. The columns of the table are compared, so that
 * their affinity and collation decide.
 */
final class SqliteVerdicts {

  private final SqlText text;

  SqliteVerdicts(SqlText text) {
    this.text = text;
  }

  /** Returns the query for the keys that the table holds. */
  String existing(SqlTable table, int rows) {
    return keys(table, rows)
        + "SELECT k.column1 FROM k WHERE EXISTS (SELECT 1 FROM "
        + text.table(table)
        + " t WHERE "
        + isKey(table)
        + ")";
  }

  /** Returns the query for columns of the rows that have the keys. */
  String stored(SqlTable table, int rows, List<SqlColumn> returned) {
    return keys(table, rows)
        + "SELECT k.column1"
        + SqlText.list("", returned, column -> ", t." + text.name(column))
        + " FROM k JOIN "
        + text.table(table)
        + " t ON "
        + isKey(table);
  }

  /** Returns the query for the keys that belong to one row of the table each. */
  String distinct(SqlTable table, int rows) {
    return keys(table, rows)
        + "SELECT min(k.column1) FROM k JOIN "
        + text.table(table)
        + " t ON "
        + isKey(table)
        + " GROUP BY "
        + SqlText.list(", ", table.conflictKey(), column -> "t." + text.name(column))
        + " HAVING count(*) = 1";
  }

  private static String keys(SqlTable table, int rows) {
    StringBuilder values = new StringBuilder();
    for (int row = 1; row <= rows; row++) {
      values
          .append(row == 1 ? "(" : ", (")
          .append(row)
          .append(", ?".repeat(table.conflictKey().size()))
          .append(')');
    }
    return "WITH k AS (VALUES " + values + ") ";
  }

  private String isKey(SqlTable table) {
    List<SqlColumn> key = table.conflictKey();
    return SqlText.list(
        " AND ",
        key,
        column -> "t." + text.name(column) + " = k.column" + (key.indexOf(column) + 2));
  }
}
