package io.batchflow.sql.dialect;

import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.List;
import java.util.function.Function;

/** The pieces of SQL that all dialects spell alike. */
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

  static String list(String separator, List<SqlColumn> columns, Function<SqlColumn, String> each) {
    return String.join(separator, columns.stream().map(each).toList());
  }

  /** Returns as a literal what the database itself gave. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** The rows of a VALUES clause: {@code (?, ?), (?, ?)}. */
  static String rows(int columns, int rows) {
    String row = "(?" + ", ?".repeat(columns - 1) + ")";
    return row + (", " + row).repeat(rows - 1);
  }
}
