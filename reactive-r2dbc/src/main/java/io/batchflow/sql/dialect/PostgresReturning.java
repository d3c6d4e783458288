package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code INSERT} that returns what each row did, or what is stored of it. The insert loses the
 * number of a row, so it is found again by the key.
 *
 * <p>A row is left out if it is not certain what it did: rows that only the database calls equal,
 * rows with nulls in their keys unless all of them were inserted, and all rows of a table that has
 * got a trigger meanwhile.
 */
final class PostgresReturning {

  private final PostgresInserts inserts;
  private final SqlText text;

  PostgresReturning(PostgresInserts inserts, SqlText text) {
    this.inserts = inserts;
    this.text = text;
  }

  /**
   * Returns the statement; null if the table cannot tell. A partitioned table has no xmax.
   *
   * @param merges whether the statement has to merge rows that share a key
   */
  @Nullable String of(SqlTable table, List<SqlColumn> present, boolean merges) {
    List<SqlColumn> key = table.conflictKey();
    boolean tells = table.kind().equals("plain") && present.containsAll(key);
    if (table.schema().onConflict() == ConflictStrategy.FAIL || key.isEmpty() || !tells) {
      return null;
    }
    return source(table, present)
        + (merges
            ? PostgresInserts.selectMerged(table, present, "s")
            : " SELECT " + PostgresInserts.values(present) + " FROM s")
        + inserts.onConflict(table, present)
        + " RETURNING "
        + keys(key)
        + ", xmax = 0 AS fresh), u AS (SELECT * FROM w WHERE "
        + PostgresInserts.anyIsNull(key, column -> "k" + key.indexOf(column))
        + "), r AS ("
        + outcomes(key, present)
        + ") SELECT r.n, r.fresh FROM r WHERE r.alone AND "
        + hasNoTrigger(table, text);
  }

  /**
   * Returns the statement that returns the stored values of each row in their order, or nulls for a
   * row that was ignored. It returns nothing if it is not certain which row is whose: if a key has
   * a null, or if the table has got a trigger meanwhile, which may change keys. Null if there is no
   * key, or if the table may change it.
   */
  @Nullable String values(SqlTable table, List<SqlColumn> present, List<SqlColumn> returned) {
    List<SqlColumn> key = table.conflictKey();
    if (key.isEmpty() || !table.kind().equals("plain") || !present.containsAll(key)) {
      return null;
    }
    return source(table, present)
        + " SELECT "
        + PostgresInserts.values(present)
        + " FROM s"
        + inserts.onConflict(table, present)
        + " RETURNING "
        + keys(key)
        + ", "
        + SqlText.list(
            ", ", returned, column -> text.name(column) + " AS v" + returned.indexOf(column))
        + ") SELECT "
        + SqlText.list(", ", returned, column -> "w.v" + returned.indexOf(column))
        + " FROM s LEFT JOIN w ON "
        + sameKey(key, present)
        + " WHERE NOT EXISTS (SELECT 1 FROM s WHERE "
        + PostgresInserts.anyIsNull(key, column -> source(column, present))
        + ") AND "
        + hasNoTrigger(table, text)
        + " ORDER BY s.n";
  }

  /** Returns the condition that the table has got no trigger since it was read. */
  static String hasNoTrigger(SqlTable table, SqlText text) {
    return "NOT EXISTS (SELECT 1 FROM"
        + " pg_catalog.pg_trigger g WHERE NOT g.tgisinternal AND g.tgrelid = "
        + SqlText.literal(text.table(table))
        + "::regclass)";
  }

  /** Joins the rows of the source (s) with those that were written (w), by the key. */
  private static String outcomes(List<SqlColumn> key, List<SqlColumn> present) {
    String nullInKey = PostgresInserts.anyIsNull(key, column -> source(column, present));
    return "SELECT s.n, CASE WHEN "
        + nullInKey
        + " THEN (SELECT count(*) = (SELECT count(*) FROM s WHERE "
        + nullInKey
        + ") AND bool_and(u.fresh) OR NULL FROM u) ELSE w.fresh END AS fresh, w.k0 IS NULL"
        + " OR count(*) OVER (PARTITION BY "
        + SqlText.list(", ", key, column -> "w.k" + key.indexOf(column))
        + ") = 1 AS alone FROM s LEFT JOIN w ON "
        + sameKey(key, present);
  }

  private String source(SqlTable table, List<SqlColumn> present) {
    return "WITH s AS MATERIALIZED (SELECT * FROM "
        + inserts.guarded(table, present)
        + "), w AS ("
        + text.insertInto(table, present);
  }

  private String keys(List<SqlColumn> key) {
    return SqlText.list(", ", key, column -> text.name(column) + " AS k" + key.indexOf(column));
  }

  private static String sameKey(List<SqlColumn> key, List<SqlColumn> present) {
    return SqlText.list(
        " AND ",
        key,
        column ->
            "w.k"
                + key.indexOf(column)
                + " "
                + PostgresKeys.equals(column)
                + " ("
                + PostgresInserts.value(column, source(column, present))
                + ")::"
                + column.type());
  }

  private static String source(SqlColumn column, List<SqlColumn> present) {
    return "s." + SqlText.carrier(column, present);
  }
}
