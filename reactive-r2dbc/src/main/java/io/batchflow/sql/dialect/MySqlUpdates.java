package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The {@code UPDATE} of MySQL and MariaDB, and the query before it. The number of rows that an
 * update changed does not tell which of them were there.
 *
 * <p>An {@code INSERT … ON DUPLICATE KEY UPDATE} is not used: it would need the columns that an
 * insert needs, and run the triggers of an insert.
 */
final class MySqlUpdates {

  /** Bounds the selects that the server has to plan. */
  static final int MAX_ROWS = 500;

  private final SqlText text;

  MySqlUpdates(SqlText text) {
    this.text = text;
  }

  /** Returns the query for the keys that are there, which locks their rows. */
  String lock(SqlTable table, int rows) {
    return lock(table, rows, List.of());
  }

  /** Returns that query with columns of the rows. As it locks them, it sees the last commits. */
  String lock(SqlTable table, int rows, List<SqlColumn> returned) {
    List<SqlColumn> key = table.conflictKey();
    return "SELECT s.n"
        + SqlText.list("", returned, column -> ", t." + text.name(column))
        + " FROM "
        + joined(table, key, rows)
        + SqlText.list("", key, column -> MySqlDeletes.guard(column, "t." + text.name(column)))
        + " FOR UPDATE";
  }

  String of(SqlTable table, List<SqlColumn> present, int rows) {
    List<SqlColumn> assigned = table.overwritten(present);
    // A row that sets only its key updates nothing.
    String key = "t." + text.name(table.conflictKey().get(0));
    return MySqlInserts.STRICT
        + "UPDATE "
        + joined(table, present, rows)
        + " SET "
        + (assigned.isEmpty() ? key + " = " + key : "")
        + SqlText.list(
            ", ",
            assigned,
            column -> "t." + text.name(column) + " = " + SqlText.value(column, present));
  }

  /**
   * Joins the rows with the table. The rows go first, so that the server looks their keys up in
   * their order, and locks no other rows.
   */
  private String joined(SqlTable table, List<SqlColumn> present, int rows) {
    String parameters = ", ?".repeat(present.size());
    return "(SELECT 0 AS n, "
        + SqlText.list(", ", present, column -> typed(table, column, present))
        + " FROM "
        + text.table(table)
        + " WHERE FALSE"
        + IntStream.rangeClosed(1, rows)
            .mapToObj(number -> " UNION ALL SELECT " + number + parameters)
            .collect(Collectors.joining())
        + ") s STRAIGHT_JOIN "
        + text.table(table)
        + " t ON "
        + SqlText.list(
            " AND ",
            table.conflictKey(),
            column -> "t." + text.name(column) + " = " + SqlText.value(column, present));
  }

  /** Gives the values of a key the type of the table's column, whose collation then compares. */
  private String typed(SqlTable table, SqlColumn column, List<SqlColumn> present) {
    String value = table.conflictKey().contains(column) ? text.name(column) : "NULL";
    return value + " AS " + SqlText.carrier(column, present);
  }
}
