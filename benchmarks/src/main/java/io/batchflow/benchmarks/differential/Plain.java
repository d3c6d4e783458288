package io.batchflow.benchmarks.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plain statements for one database, written by hand and independent of the dialects: how each
 * strategy writes one row, and how the table is read.
 */
abstract class Plain {

  /** Returns the parameter for a value of a column, by the rules of the documentation. */
  abstract Parameter parameter(Column column, @Nullable Object value) throws Rejection;

  /** Returns the expression that reads a column as text. */
  abstract String text(Column column);

  /** Returns the statements that remove the objects of a case. */
  abstract List<String> cleanUp(TableCase table);

  /** Writes a row by the strategy. */
  abstract void write(Site site, TableCase table, CaseRow row) throws Rejection;

  /** Numbers the placeholders if the database requires it. */
  String numbered(String sql) {
    return sql;
  }

  /** Returns the condition that a column of the key has the value of a parameter. */
  String equal(Column column, Parameter value) {
    return column.name() + " = " + value.sql();
  }

  private String sameKey(List<Column> key, List<Parameter> values) {
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      conditions.add(equal(key.get(i), values.get(i)));
    }
    return " WHERE " + String.join(" AND ", conditions);
  }

  /** Returns whether the table holds the key of a row. */
  final boolean holds(Site site, TableCase table, CaseRow row) throws Rejection {
    List<Column> key = keyColumns(table);
    List<Parameter> values = parameters(key, row);
    String sql = "SELECT COUNT(*) FROM " + TableCase.TABLE + sameKey(key, values);
    return site.count(numbered(sql), values) > 0;
  }

  /** Deletes the row that has the key of a row. */
  final void delete(Site site, TableCase table, CaseRow row) throws Rejection {
    List<Column> key = keyColumns(table);
    List<Parameter> values = parameters(key, row);
    site.execute(numbered("DELETE FROM " + TableCase.TABLE + sameKey(key, values)), values);
  }

  /**
   * Updates the row that has the key of a row, if there is one. All values of a row are sent, also
   * those that change nothing.
   */
  final void update(Site site, TableCase table, CaseRow row) throws Rejection {
    parameters(present(table, row), row);
    List<Column> changed = overwritten(table, row);
    if (changed.isEmpty()) {
      return;
    }
    List<Column> key = keyColumns(table);
    List<Parameter> parameters = new ArrayList<>(parameters(changed, row));
    List<Parameter> keyValues = parameters(key, row);
    List<String> assignments = new ArrayList<>();
    for (int i = 0; i < changed.size(); i++) {
      assignments.add(changed.get(i).name() + " = " + parameters.get(i).sql());
    }
    parameters.addAll(keyValues);
    String sql = "UPDATE " + TableCase.TABLE + " SET " + String.join(", ", assignments);
    site.execute(numbered(sql + sameKey(key, keyValues)), parameters);
  }

  /** Returns the rows of the table as text, sorted. */
  List<String> contents(Site site, TableCase table) {
    List<String> expressions =
        table.columns().stream().filter(Column::stable).map(this::read).toList();
    if (expressions.isEmpty()) {
      expressions = List.of("'row'");
    }
    String sql = "SELECT " + String.join(", ", expressions) + " FROM " + TableCase.TABLE;
    List<String> rows = new ArrayList<>();
    site.query(sql, expressions.size()).forEach(row -> rows.add(String.join(" | ", row)));
    if (table.keepsLog()) {
      site.query("SELECT id FROM log", 1).forEach(row -> rows.add("log " + row.get(0)));
    }
    Collections.sort(rows);
    return rows;
  }

  /** Reads a generated key as such, since counters have gaps. */
  private String read(Column column) {
    return column.type().generated()
        ? "CASE WHEN "
            + column.name()
            + " % "
            + Values.GIVEN
            + " = 0 THEN "
            + text(column)
            + " ELSE 'generated' END"
        : text(column);
  }

  /** Returns the names of the columns that {@link #contents} reads. */
  static List<String> contentColumns(TableCase table) {
    return table.columns().stream().filter(Column::stable).map(Column::name).toList();
  }

  static long count(Site site) {
    return Long.parseLong(site.query("SELECT COUNT(*) FROM " + TableCase.TABLE, 1).get(0).get(0));
  }

  /** Returns the columns that a row sets, in the table's order. */
  static List<Column> present(TableCase table, CaseRow row) {
    return table.columns().stream().filter(column -> row.sets(column.name())).toList();
  }

  final List<Parameter> parameters(List<Column> columns, CaseRow row) throws Rejection {
    List<Parameter> parameters = new ArrayList<>();
    for (Column column : columns) {
      parameters.add(parameter(column, row.value(column.name())));
    }
    return parameters;
  }

  /** Returns the columns that a conflict overwrites. */
  static List<Column> overwritten(TableCase table, CaseRow row) {
    List<String> updates = table.writing().updateColumns();
    return switch (table.writing().strategy()) {
      case FAIL, IGNORE -> List.of();
      case UPDATE ->
          table.columns().stream()
              .filter(column -> row.sets(column.name()) && !table.key().contains(column.name()))
              .filter(column -> updates.isEmpty() || updates.contains(column.name()))
              .toList();
      case REPLACE ->
          table.columns().stream()
              .filter(column -> !table.key().contains(column.name()))
              .filter(column -> row.sets(column.name()) || !column.name().equals("g"))
              .toList();
    };
  }

  static String insert(List<Column> columns, List<Parameter> parameters) {
    return "INSERT INTO "
        + TableCase.TABLE
        + " ("
        + names(columns)
        + ") VALUES ("
        + String.join(", ", parameters.stream().map(Parameter::sql).toList())
        + ")";
  }

  static String names(List<Column> columns) {
    return String.join(", ", columns.stream().map(Column::name).toList());
  }

  static List<Column> keyColumns(TableCase table) {
    return table.key().stream().map(table::column).toList();
  }
}
