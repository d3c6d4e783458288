package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;

/** The {@code DELETE} of MySQL and MariaDB, with a guard against another type of a key column. */
final class MySqlDeletes {

  /** With longer lists, the servers may read the whole table, and lock it. */
  static final int MAX_ROWS = 500;

  /** The collation of numbers. */
  private static final String OF_NUMBERS = "binary";

  private final SqlText text;

  MySqlDeletes(SqlText text) {
    this.text = text;
  }

  String of(SqlTable table, List<SqlColumn> key, int rows) {
    String columns = text.names(key);
    String keys = text.values(key, rows).substring("VALUES ".length());
    return "DELETE FROM "
        + text.table(table)
        + " WHERE "
        + (key.size() == 1 ? columns : "(" + columns + ")")
        + " IN ("
        + (key.size() == 1 ? "?" + ", ?".repeat(rows - 1) : keys)
        + ")"
        + SqlText.list("", key, column -> guard(column, text.name(column)));
  }

  /**
   * Fails if a text has become a number since the table was read, or the other way round: a
   * comparison of both takes them for numbers, and so finds the rows of other keys.
   *
   * @param name the column of the table, as the statement names it
   */
  static String guard(SqlColumn column, String name) {
    boolean isText = MySqlKeys.isText(column);
    if (column.comparison().equals(SqlKeys.REWRITTEN) || !(isText || MySqlKeys.isNumber(column))) {
      return "";
    }
    String collation = MySqlInserts.literal(isText ? column.comparison() : OF_NUMBERS);
    return " AND " + MySqlInserts.ifCollated(name, collation, "TRUE");
  }
}
