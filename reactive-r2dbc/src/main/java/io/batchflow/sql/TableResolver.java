package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the table that a schema means among those in the catalog, and checks that they fit. */
final class TableResolver {

  /** The first character of the name of a unique key that detects no conflicts. */
  private static final String UNUSABLE = "!";

  /** The name of the primary key. */
  private static final String PRIMARY = "*";

  private final Schema schema;
  private final List<String> path;
  private final Map<String, SqlColumn> columns = new LinkedHashMap<>();
  private final Map<String, List<SqlColumn>> keys = new LinkedHashMap<>();
  private final boolean keysKnown;
  private final String kind;

  private TableResolver(Schema schema, List<String> path, List<CatalogRow> rows) {
    this.schema = schema;
    this.path = path;
    this.keysKnown = rows.stream().anyMatch(row -> row.uniqueKeys() != null);
    this.kind =
        rows.stream().map(CatalogRow::tableKind).filter(Objects::nonNull).findFirst().orElse("");
    for (CatalogRow row : rows) {
      SqlColumn column = column(row);
      columns.put(column.name(), column);
      if (row.uniqueKeys() != null) {
        row.uniqueKeys()
            .lines()
            .forEach(key -> keys.computeIfAbsent(key, name -> new ArrayList<>()).add(column));
      }
    }
  }

  private static SqlColumn column(CatalogRow row) {
    return new SqlColumn(
        row.column(),
        row.type(),
        row.castType() == null ? row.type() : row.castType(),
        row.generated(),
        row.required(),
        Objects.requireNonNullElse(row.comparison(), ""));
  }

  /**
   * Finds the table that a schema means.
   *
   * @throws SqlWriteException if there is no such table or more than one
   */
  static TableResolver of(Schema schema, List<CatalogRow> rows) {
    boolean qualified = schema.tablePath().size() > 1;
    Map<List<String>, List<CatalogRow>> tables = new LinkedHashMap<>();
    for (CatalogRow row : rows) {
      if (qualified || row.current()) {
        List<String> path = List.of(row.schema(), row.table());
        tables.computeIfAbsent(path, key -> new ArrayList<>()).add(row);
      }
    }
    List<List<String>> found = IdentifierMatcher.match(schema.tablePath(), tables.keySet());
    if (found.isEmpty()) {
      throw SqlTable.failure(
          schema,
          List.of("there is no such table"),
          "Create it, or name its schema too, as in \"sales.orders\"");
    }
    if (found.size() > 1) {
      throw SqlTable.failure(
          schema,
          List.of("there are several tables of that name, " + found),
          "Spell the name as the database does");
    }
    List<String> path = found.get(0);
    return new TableResolver(schema, path, tables.getOrDefault(path, List.of()));
  }

  /** Returns all columns of the table. */
  List<SqlColumn> columns() {
    return List.copyOf(columns.values());
  }

  /** Returns the primary key; empty if there is none, or if the dialect does not read it. */
  List<SqlColumn> primaryKey() {
    return keys.getOrDefault(PRIMARY, List.of());
  }

  /** Returns the unique keys that detect conflicts. */
  List<List<SqlColumn>> uniqueKeys() {
    return keys.entrySet().stream()
        .filter(key -> !key.getKey().startsWith(UNUSABLE))
        .map(key -> List.copyOf(key.getValue()))
        .toList();
  }

  /**
   * Returns the table, if rows of the schema can be stored there.
   *
   * @throws SqlWriteException if they cannot
   */
  SqlTable table() {
    SqlTable table =
        new SqlTable(
            schema, path, columns(), columns(schema.columns()), uniqueKeys(), keysKnown, kind);
    checkFits(table);
    return table;
  }

  /** Returns the table's columns of these names. */
  List<SqlColumn> columns(List<String> wanted) {
    List<SqlColumn> found = new ArrayList<>();
    List<String> mismatches = new ArrayList<>();
    List<List<String>> names = columns.keySet().stream().map(List::of).toList();
    for (String name : wanted) {
      List<List<String>> matches = IdentifierMatcher.match(List.of(name), names);
      if (matches.size() == 1) {
        found.add(columns.get(matches.get(0).get(0)));
      } else {
        String what = matches.isEmpty() ? "there is no column '" : "there are several columns '";
        mismatches.add(what + name + "'");
      }
    }
    if (!mismatches.isEmpty()) {
      throw SqlTable.failure(
          schema,
          mismatches,
          "Its columns are "
              + String.join(", ", columns.keySet())
              + "; correct the Schema or the table");
    }
    return List.copyOf(found);
  }

  private void checkFits(SqlTable table) {
    List<String> mismatches = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    for (SqlColumn column : table.columns()) {
      if (column.required() && !table.isMapped(column) && !schema.isUpdateOnly()) {
        mismatches.add(
            "column '" + column.name() + "' takes no null, has no default and is left out");
      }
    }
    if (!mismatches.isEmpty()) {
      remedies.add("Add the missing columns to the Schema, or defaults to the table");
    }
    if (!hasUniqueKey(table)) {
      remedies.add("Add a unique constraint on just the columns of the key, or correct the Schema");
      mismatches.add(
          "its conflict key " + schema.conflictKey() + " is not a unique key" + whyNot(table));
    }
    if (!mismatches.isEmpty()) {
      throw SqlTable.failure(schema, mismatches, String.join(". ", remedies));
    }
  }

  private boolean hasUniqueKey(SqlTable table) {
    boolean needsNone =
        schema.onConflict() == ConflictStrategy.FAIL
            || schema.conflictKey().isEmpty()
            || schema.conflictWhere() != null
            || schema.conflictConstraint() != null
            || !keysKnown;
    Set<SqlColumn> key = new HashSet<>(table.conflictKey());
    return needsNone
        || table.uniqueKeys().stream().anyMatch(unique -> new HashSet<>(unique).equals(key));
  }

  /** Explains a key that exists but detects no conflicts. The catalog has no keys of a view. */
  private String whyNot(SqlTable table) {
    if (kind.equals("view")) {
      return ", as it is a view: name the table that it shows";
    }
    Set<SqlColumn> key = Set.copyOf(table.conflictKey());
    return keys.entrySet().stream()
        .filter(each -> each.getKey().startsWith(UNUSABLE))
        .filter(each -> key.equals(Set.copyOf(each.getValue())))
        .map(each -> ", as " + each.getKey().substring(UNUSABLE.length()))
        .collect(Collectors.joining());
  }
}
