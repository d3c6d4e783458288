package io.batchflow.examples;

import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The table to load into. It exists in the database or is created there. */
final class Table {

  private final Target target;
  private final Schema schema;
  private final SqlTable found;

  private Table(Target target, Schema schema, SqlTable found) {
    this.target = target;
    this.schema = schema;
    this.found = found;
  }

  /**
   * Finds the schema's table, or creates it.
   *
   * @param types the database's names of the column types, for a new table
   * @throws LoadException if the table lacks a column of the schema
   */
  static Table findOrCreate(Target target, Schema schema, List<String> types) {
    List<CatalogRow> catalog = catalog(target, schema);
    if (catalog.isEmpty()) {
      return create(target, schema, types);
    }
    checkColumns(schema, catalog.stream().map(CatalogRow::column).toList());
    return new Table(target, schema, SqlTable.resolve(schema, catalog));
  }

  /** Creates the schema's table, which must not exist yet. */
  static Table create(Target target, Schema schema, List<String> types) {
    target.execute(createStatement(target.dialect(), schema, types));
    return new Table(target, schema, SqlTable.resolve(schema, catalog(target, schema)));
  }

  private static void checkColumns(Schema schema, List<String> existing) {
    for (String column : schema.columns()) {
      if (existing.stream().noneMatch(column::equalsIgnoreCase)) {
        throw new LoadException(
            "Table '"
                + schema.table()
                + "' has no column '"
                + column
                + "'; it has "
                + String.join(", ", existing));
      }
    }
  }

  /** Returns the catalog rows of tables that the schema may mean. */
  private static List<CatalogRow> catalog(Target target, Schema schema) {
    List<String> path = schema.tablePath();
    return target.query(target.dialect().catalogQuery(), SqlTable.nameOf(schema)).stream()
        .map(Table::catalogRow)
        .filter(
            row ->
                path.size() == 1
                    ? row.current()
                    : row.schema().equalsIgnoreCase(path.get(path.size() - 2)))
        .toList();
  }

  private static CatalogRow catalogRow(List<@Nullable Object> row) {
    return new CatalogRow(
        text(row.get(0)),
        truth(row.get(1)),
        text(row.get(2)),
        text(row.get(3)),
        text(row.get(4)),
        textOrNull(row.get(5)),
        truth(row.get(6)),
        truth(row.get(7)),
        textOrNull(row.get(8)),
        textOrNull(row.get(9)),
        textOrNull(row.get(10)));
  }

  private static @Nullable String textOrNull(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static String text(@Nullable Object value) {
    return Objects.toString(value, "");
  }

  /** SQLite returns 0 and 1 instead of booleans. */
  private static boolean truth(@Nullable Object value) {
    return Boolean.TRUE.equals(value) || (value instanceof Number number && number.intValue() != 0);
  }

  private static String createStatement(SqlDialect dialect, Schema schema, List<String> types) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      String column = schema.columns().get(i);
      boolean key = schema.conflictKey().contains(column);
      parts.add(dialect.quote(column) + " " + types.get(i) + (key ? " NOT NULL" : ""));
    }
    if (!schema.conflictKey().isEmpty()) {
      parts.add("PRIMARY KEY (" + quoted(dialect, schema.conflictKey()) + ")");
    }
    return "CREATE TABLE "
        + String.join(".", schema.tablePath().stream().map(dialect::quote).toList())
        + " ("
        + String.join(", ", parts)
        + ")";
  }

  private static String quoted(SqlDialect dialect, List<String> names) {
    return String.join(", ", names.stream().map(dialect::quote).toList());
  }

  Schema schema() {
    return schema;
  }

  /** Returns the database's names of the column types. */
  List<String> sqlTypes() {
    return sqlColumns().stream().map(SqlColumn::type).toList();
  }

  /** Returns the types to convert the texts of the file to. */
  List<ColumnType> types() {
    return sqlTypes().stream().map(target::typeOf).toList();
  }

  private List<SqlColumn> sqlColumns() {
    return IntStream.range(0, schema.columns().size()).mapToObj(found::column).toList();
  }

  SqlColumn column(int position) {
    return found.column(position);
  }

  /** Returns the statement that stores one row. */
  String insertOne() {
    return target.dialect().insert(found, sqlColumns(), 1);
  }

  long count() {
    Object count = target.query("SELECT COUNT(*) FROM " + name()).get(0).get(0);
    return ((Number) Objects.requireNonNull(count)).longValue();
  }

  void drop() {
    target.execute("DROP TABLE " + name());
  }

  /**
   * Returns the query for some rows.
   *
   * @param columns the number of columns, from the first one
   * @param keys the keys of the rows; if empty, the first rows are selected
   */
  String select(int columns, List<Integer> keys, int limit) {
    List<String> key = found.conflictKey().stream().map(SqlColumn::name).toList();
    String where =
        keys.isEmpty()
            ? ""
            : " WHERE "
                + quoted(target.dialect(), key)
                + " IN ("
                + String.join(", ", keys.stream().map(String::valueOf).toList())
                + ")";
    List<String> names = sqlColumns().stream().limit(columns).map(SqlColumn::name).toList();
    return "SELECT "
        + quoted(target.dialect(), names)
        + " FROM "
        + name()
        + where
        + (key.isEmpty() ? "" : " ORDER BY " + quoted(target.dialect(), key))
        + " LIMIT "
        + limit;
  }

  private String name() {
    return String.join(".", found.path().stream().map(target.dialect()::quote).toList());
  }
}
