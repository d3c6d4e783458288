package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code DELETE} of PostgreSQL: by arrays of keys, which are converted as an insert does. */
final class PostgresDeletes {

  private final PostgresInserts inserts;
  private final SqlText text;

  PostgresDeletes(PostgresInserts inserts, SqlText text) {
    this.inserts = inserts;
    this.text = text;
  }

  String plain(SqlTable table, List<SqlColumn> key) {
    return delete(table, key, "(SELECT * FROM " + inserts.guarded(table, key) + ") AS s");
  }

  /** Returns the delete that tells which keys were there; null if a trigger may keep a row. */
  @Nullable String returning(SqlTable table, List<SqlColumn> key) {
    if (!table.kind().equals("plain")) {
      return null;
    }
    return "WITH s AS MATERIALIZED (SELECT * FROM "
        + inserts.guarded(table, key)
        + "), d AS ("
        + delete(table, key, "s")
        + " RETURNING s.n) SELECT s.n, CASE WHEN d.n = s.n THEN true END FROM s LEFT JOIN d"
        + " ON d.n = s.n WHERE "
        + PostgresReturning.hasNoTrigger(table, text);
  }

  private String delete(SqlTable table, List<SqlColumn> key, String source) {
    return "DELETE FROM "
        + text.table(table)
        + " AS t USING "
        + source
        + " WHERE "
        + sameKey(key, key, text);
  }

  /** Returns the condition that a row of the table t has the key of a row of the source s. */
  static String sameKey(List<SqlColumn> key, List<SqlColumn> present, SqlText text) {
    return SqlText.list(
        " AND ",
        key,
        column ->
            "t."
                + text.name(column)
                + " "
                + PostgresKeys.equals(column)
                + " "
                + PostgresKeys.expression(
                    column,
                    PostgresInserts.value(column, "s." + SqlText.carrier(column, present))));
  }
}
