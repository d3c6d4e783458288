package io.batchflow.sql.dialect;

import io.batchflow.ConflictStrategy;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.Function;

/** The pieces of SQL that several dialects spell alike. */
final class SqlText {

  private final SqlDialect dialect;

  SqlText(SqlDialect dialect) {
    this.dialect = dialect;
  }

  String table(SqlTable table) {
    return String.join(".", table.path().stream().map(dialect::quote).toList());
  }

  String quote(String identifier) {
    return dialect.quote(identifier);
  }

  String insertInto(SqlTable table, List<SqlColumn> columns) {
    return "INSERT" + into(table, columns);
  }

  String into(SqlTable table, List<SqlColumn> columns) {
    return " INTO " + table(table) + " (" + names(columns) + ")";
  }

  String names(List<SqlColumn> columns) {
    return list(", ", columns, this::name);
  }

  String name(SqlColumn column) {
    return dialect.quote(column.name());
  }

  /**
   * Returns the {@code ON CONFLICT} clause that the strategy needs. In {@code excluded}, a column
   * that the row does not set has its default.
   *
   * @param target what the conflict is about, such as {@link #keyTarget}
   */
  String onConflict(SqlTable table, List<SqlColumn> present, String target) {
    if (table.schema().onConflict() == ConflictStrategy.FAIL) {
      return "";
    }
    List<SqlColumn> assigned = table.overwritten(present);
    return " ON CONFLICT"
        + target
        + (assigned.isEmpty() ? " DO NOTHING" : " DO UPDATE SET ")
        + list(", ", assigned, column -> name(column) + " = excluded." + name(column));
  }

  /** Returns the columns of the conflict key, and the condition of its index. */
  String keyTarget(SqlTable table) {
    List<SqlColumn> key = table.conflictKey();
    String where = table.schema().conflictWhere();
    return (key.isEmpty() ? "" : " (" + names(key) + ")")
        + (where == null ? "" : " WHERE " + where);
  }

  static String list(String separator, List<SqlColumn> columns, Function<SqlColumn, String> each) {
    return String.join(separator, columns.stream().map(each).toList());
  }

  /** Returns the literal of a text that the database itself gave. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** The rows of a VALUES clause: {@code (?, ?), (?, ?)}. */
  static String rows(int columns, int rows) {
    String row = "(?" + ", ?".repeat(columns - 1) + ")";
    return row + (", " + row).repeat(rows - 1);
  }
}
