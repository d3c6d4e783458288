package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;

/**
 * The {@code UPDATE} of PostgreSQL, which tells of each row whether it was updated, is there but
 * was not updated, as a trigger may decide, or is absent. It locks the rows first, in the order of
 * their keys: a snapshot still shows a row that another session has just deleted.
 */
final class PostgresUpdates {

  private final PostgresInserts inserts;
  private final SqlText text;

  PostgresUpdates(PostgresInserts inserts, SqlText text) {
    this.inserts = inserts;
    this.text = text;
  }

  String of(SqlTable table, List<SqlColumn> present) {
    String name = text.table(table);
    String same = PostgresDeletes.sameKey(table.conflictKey(), present, text);
    return "WITH s AS MATERIALIZED (SELECT * FROM "
        + inserts.guarded(table, present)
        + "), l AS MATERIALIZED (SELECT s.n FROM s JOIN "
        + name
        + " AS t ON "
        + same
        + " ORDER BY s.n FOR NO KEY UPDATE OF t), u AS (UPDATE "
        + name
        + " AS t SET "
        + assignments(table, present)
        + " FROM s JOIN l ON l.n = s.n WHERE "
        + same
        + " RETURNING s.n) SELECT s.n, CASE WHEN u.n IS NOT NULL THEN true"
        + " WHEN l.n IS NOT NULL THEN false END"
        + " FROM s LEFT JOIN l ON l.n = s.n LEFT JOIN u ON u.n = s.n";
  }

  /** Returns the query for columns of the rows that have the keys of the rows of a statement. */
  String stored(SqlTable table, List<SqlColumn> returned) {
    List<SqlColumn> key = table.conflictKey();
    return "SELECT s.n"
        + SqlText.list("", returned, column -> ", t." + text.name(column))
        + " FROM (SELECT * FROM "
        + inserts.guarded(table, key)
        + ") AS s JOIN "
        + text.table(table)
        + " AS t ON "
        + PostgresDeletes.sameKey(key, key, text);
  }

  /** A row that sets only its key updates nothing, but its key must be there. */
  private String assignments(SqlTable table, List<SqlColumn> present) {
    List<SqlColumn> assigned = table.overwritten(present);
    if (assigned.isEmpty()) {
      String key = text.name(table.conflictKey().get(0));
      return key + " = t." + key;
    }
    return SqlText.list(
        ", ",
        assigned,
        column ->
            text.name(column)
                + " = "
                + PostgresInserts.value(column, "s." + SqlText.carrier(column, present)));
  }
}
