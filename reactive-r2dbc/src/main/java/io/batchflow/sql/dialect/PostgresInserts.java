package io.batchflow.sql.dialect;

import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.Function;

/** The {@code INSERT} of PostgreSQL: from arrays that are unnested side by side. */
final class PostgresInserts {

  private final SqlText text;
  private final Placeholder placeholder;

  PostgresInserts(SqlText text, Placeholder placeholder) {
    this.text = text;
    this.placeholder = placeholder;
  }

  /**
   * Returns the insert of rows with different keys. The arrays are unnested in the select list, as
   * the server then stores no intermediate rows.
   */
  String plain(SqlTable table, List<SqlColumn> present) {
    return text.insertInto(table, present)
        + " SELECT "
        + SqlText.list(
            ", ", present, column -> value(column, "unnest(" + array(present, column) + ")"))
        + PostgresGuard.of(table, present, text)
        + onConflict(table, present);
  }

  /** Returns the insert of rows that may share keys: it stores one row for each key. */
  String merged(SqlTable table, List<SqlColumn> present) {
    return text.insertInto(table, present)
        + selectMerged(table, present, guarded(table, present))
        + onConflict(table, present);
  }

  /** Returns the source of the rows with their numbers, and the guard of the table's types. */
  String guarded(SqlTable table, List<SqlColumn> present) {
    return "unnest("
        + SqlText.list(", ", present, column -> array(present, column))
        + ") WITH ORDINALITY AS s("
        + SqlText.list(", ", present, column -> SqlText.carrier(column, present))
        + ", n)"
        + PostgresGuard.of(table, present, text);
  }

  /**
   * Returns the query for one row of each key. A column that is overwritten comes from the last row
   * of the key, any other from the first. The rows are sorted by key, so that overlapping
   * statements lock in one order. Rows with a null in the key are not merged.
   */
  static String selectMerged(SqlTable table, List<SqlColumn> present, String source) {
    List<SqlColumn> key = table.conflictKey();
    List<SqlColumn> overwritten = table.overwritten(present);
    String keys =
        SqlText.list(
                ", ",
                key,
                column -> PostgresKeys.expression(column, SqlText.carrier(column, present)))
            + ", CASE WHEN "
            + anyIsNull(key, column -> SqlText.carrier(column, present))
            + " THEN n END";
    return " SELECT "
        + values(present)
        + " FROM (SELECT DISTINCT ON ("
        + keys
        + ") "
        + SqlText.list(
            ", ",
            present,
            column -> {
              String name = SqlText.carrier(column, present);
              return overwritten.isEmpty() || overwritten.contains(column)
                  ? name
                  : "first_value(" + name + ") OVER w AS " + name;
            })
        + " FROM "
        + source
        + (overwritten.isEmpty() ? "" : " WINDOW w AS (PARTITION BY " + keys + " ORDER BY n)")
        + " ORDER BY "
        + keys
        + (overwritten.isEmpty() ? ", n" : ", n DESC")
        + ") s";
  }

  String onConflict(SqlTable table, List<SqlColumn> present) {
    String constraint = table.schema().conflictConstraint();
    String target =
        constraint == null ? text.keyTarget(table) : " ON CONSTRAINT " + text.quote(constraint);
    return text.onConflict(table, present, target);
  }

  private String array(List<SqlColumn> present, SqlColumn column) {
    String carrier = isArray(column) ? "text" : column.castType();
    // Every text has its parameters in order, each once, so that ? means the same as a number.
    return placeholder.at(present.indexOf(column)) + "::" + carrier + "[]";
  }

  static String values(List<SqlColumn> present) {
    return SqlText.list(", ", present, column -> value(column, SqlText.carrier(column, present)));
  }

  static String value(SqlColumn column, String carried) {
    return isArray(column) ? carried + "::" + column.castType() : carried;
  }

  /** An array travels as text, as unnest would flatten an array of arrays. */
  static boolean isArray(SqlColumn column) {
    return column.castType().endsWith("[]");
  }

  static String anyIsNull(List<SqlColumn> key, Function<SqlColumn, String> name) {
    return SqlText.list(" OR ", key, column -> name.apply(column) + " IS NULL");
  }
}
