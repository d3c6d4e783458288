package io.batchflow.sql;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A {@link Schema} and the real table that it means.
 *
 * <p>Names are matched exactly first, then, if there is just one such name, without regard to case:
 * a table made by {@code create table events} is called {@code EVENTS} in H2, and quotes would not
 * find it under the name that its author used. Immutable.
 */
public final class SqlTable {

  private final Schema schema;
  private final List<String> path;
  private final List<SqlColumn> columns;
  private final List<SqlColumn> mapped;
  private final List<List<SqlColumn>> uniqueKeys;

  private SqlTable(Schema schema, List<String> path, List<CatalogRow> rows) {
    this.schema = schema;
    this.path = path;
    Map<String, SqlColumn> byName = new LinkedHashMap<>();
    Map<String, List<SqlColumn>> keys = new LinkedHashMap<>();
    for (CatalogRow row : rows) {
      SqlColumn column = new SqlColumn(row.column(), row.type(), row.generated());
      byName.put(column.name(), column);
      if (row.uniqueKeys() != null) {
        row.uniqueKeys()
            .lines()
            .forEach(key -> keys.computeIfAbsent(key, name -> new ArrayList<>()).add(column));
      }
    }
    this.columns = List.copyOf(byName.values());
    this.uniqueKeys = keys.values().stream().map(List::copyOf).toList();
    this.mapped =
        schema.columns().stream()
            .map(name -> byName.get(matchColumn(schema, name, byName.keySet())))
            .toList();
  }

  /**
   * Finds the table that a schema means among those the catalog has.
   *
   * @param rows what {@link SqlDialect#catalogQuery()} returned for the table's name
   * @throws SqlWriteException if there is no such table or column, or more than one
   */
  public static SqlTable resolve(Schema schema, List<CatalogRow> rows) {
    boolean qualified = schema.tablePath().size() > 1;
    Map<List<String>, List<CatalogRow>> tables = new LinkedHashMap<>();
    for (CatalogRow row : rows) {
      if (qualified || row.current()) {
        List<String> path = List.of(row.schema(), row.table());
        tables.computeIfAbsent(path, key -> new ArrayList<>()).add(row);
      }
    }
    List<List<String>> found = match(schema.tablePath(), tables.keySet());
    if (found.isEmpty()) {
      throw failure(
          schema,
          "there is no such table",
          "Create it, or name its schema too, as in \"sales.orders\"");
    }
    if (found.size() > 1) {
      throw failure(
          schema,
          "there are several tables of that name, " + found,
          "Spell one as the database does");
    }
    List<String> path = found.get(0);
    return new SqlTable(schema, path, tables.getOrDefault(path, List.of()));
  }

  /** Returns the name to ask the catalog for: the table's, without its qualifiers. */
  public static String nameOf(Schema schema) {
    return schema.tablePath().get(schema.tablePath().size() - 1);
  }

  /** Returns the schema. */
  public Schema schema() {
    return schema;
  }

  /** Returns the table's real qualifier and name. */
  public List<String> path() {
    return path;
  }

  /** Returns all columns of the table, those that the schema leaves out too, in their order. */
  public List<SqlColumn> columns() {
    return columns;
  }

  /** Returns the column at a position of the schema. */
  public SqlColumn column(int position) {
    return mapped.get(position);
  }

  /** Returns the columns of the schema's conflict key. */
  public List<SqlColumn> conflictKey() {
    return columnsOf(schema.conflictKey());
  }

  /**
   * Returns what a row overwrites when it meets its key: under UPDATE the update columns that it
   * sets; under REPLACE all columns outside the key, those that it does not set by their default.
   * What the database makes by itself (a row id, a computed column) is no default, and stays.
   *
   * @param present the columns that the row sets
   */
  public List<SqlColumn> overwritten(List<SqlColumn> present) {
    return switch (schema.onConflict()) {
      case FAIL, IGNORE -> List.of();
      case UPDATE -> columnsOf(schema.updateColumns()).stream().filter(present::contains).toList();
      case REPLACE -> {
        List<SqlColumn> key = conflictKey();
        yield columns.stream()
            .filter(column -> !key.contains(column))
            .filter(column -> present.contains(column) || !column.generated())
            .toList();
      }
    };
  }

  /** Returns the table's unique keys; empty where the dialect does not read them. */
  public List<List<SqlColumn>> uniqueKeys() {
    return uniqueKeys;
  }

  private List<SqlColumn> columnsOf(List<String> names) {
    return names.stream().map(name -> mapped.get(schema.position(name))).toList();
  }

  private static String matchColumn(Schema schema, String name, Collection<String> columns) {
    List<List<String>> found = match(List.of(name), columns.stream().map(List::of).toList());
    if (found.size() != 1) {
      throw failure(
          schema,
          (found.isEmpty() ? "there is no column '" : "there are several columns '") + name + "'",
          "Its columns are " + String.join(", ", columns) + "; correct the Schema or the table");
    }
    return found.get(0).get(0);
  }

  /** The candidates that end in what is wanted; if none does, those that do but for case. */
  private static List<List<String>> match(
      List<String> wanted, Collection<List<String>> candidates) {
    List<List<String>> butForCase = new ArrayList<>();
    for (List<String> candidate : candidates) {
      int from = candidate.size() - wanted.size();
      if (from < 0) {
        continue;
      }
      List<String> tail = candidate.subList(from, candidate.size());
      if (tail.equals(wanted)) {
        return List.of(candidate);
      }
      if (IntStream.range(0, tail.size())
          .allMatch(i -> tail.get(i).equalsIgnoreCase(wanted.get(i)))) {
        butForCase.add(candidate);
      }
    }
    return butForCase;
  }

  private static SqlWriteException failure(Schema schema, String problem, String remedy) {
    return new SqlWriteException(FailureKind.PERMANENT, schema, problem, remedy, null);
  }
}
