package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Schema} and the real table that it means.
 *
 * <p>Names are matched exactly first, then, if there is just one such name, without regard to case:
 * a table made by {@code create table events} is called {@code EVENTS} in H2, and quotes would not
 * find it under the name that its author used. Immutable.
 */
public final class SqlTable {

  /** Begins the name of a unique key that finds no conflicts. */
  private static final String UNUSABLE = "!";

  private final Schema schema;
  private final List<String> path;
  private final List<SqlColumn> columns;
  private final List<List<SqlColumn>> uniqueKeys;
  private final boolean keysKnown;
  private final String kind;
  private final List<SqlColumn> mapped;
  private final long maxStatementBytes;
  private final long version;
  private final StatementCache texts = new StatementCache();
  private volatile @Nullable KeyEquality keys;

  private SqlTable(SqlTable table, long maxStatementBytes, long version) {
    this.schema = table.schema;
    this.path = table.path;
    this.columns = table.columns;
    this.uniqueKeys = table.uniqueKeys;
    this.keysKnown = table.keysKnown;
    this.kind = table.kind;
    this.mapped = table.mapped;
    this.maxStatementBytes = maxStatementBytes;
    this.version = version;
  }

  private SqlTable(Schema schema, List<String> path, List<CatalogRow> rows) {
    this.schema = schema;
    this.path = path;
    Map<String, SqlColumn> byName = new LinkedHashMap<>();
    Map<String, List<SqlColumn>> keys = new LinkedHashMap<>();
    for (CatalogRow row : rows) {
      SqlColumn column =
          new SqlColumn(
              row.column(),
              row.type(),
              row.castType() == null ? row.type() : row.castType(),
              row.generated(),
              row.required(),
              Objects.requireNonNullElse(row.comparison(), ""));
      byName.put(column.name(), column);
      if (row.uniqueKeys() != null) {
        row.uniqueKeys()
            .lines()
            .forEach(key -> keys.computeIfAbsent(key, name -> new ArrayList<>()).add(column));
      }
    }
    this.columns = List.copyOf(byName.values());
    this.uniqueKeys =
        keys.entrySet().stream()
            .filter(key -> !key.getKey().startsWith(UNUSABLE))
            .map(key -> List.copyOf(key.getValue()))
            .toList();
    this.keysKnown = rows.stream().anyMatch(row -> row.uniqueKeys() != null);
    this.kind =
        rows.stream().map(CatalogRow::tableKind).filter(Objects::nonNull).findFirst().orElse("");
    this.mapped = map(byName);
    this.maxStatementBytes = Long.MAX_VALUE;
    this.version = 0;
    checkFits(keys);
  }

  /**
   * Finds the table that a schema means among those the catalog has, and checks that its rows can
   * be stored there.
   *
   * @param rows what {@link SqlDialect#catalogQuery()} returned for the table's name
   * @throws SqlWriteException if there is no such table or more than one, or if it does not fit the
   *     schema: {@link SqlWriteException#mismatches()} names every reason
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
    List<List<String>> found = IdentifierMatcher.match(schema.tablePath(), tables.keySet());
    if (found.isEmpty()) {
      throw failure(
          schema,
          List.of("there is no such table"),
          "Create it, or name its schema too, as in \"sales.orders\"");
    }
    if (found.size() > 1) {
      throw failure(
          schema,
          List.of("there are several tables of that name, " + found),
          "Spell one as the database does");
    }
    List<String> path = found.get(0);
    return new SqlTable(schema, path, tables.getOrDefault(path, List.of()));
  }

  /**
   * Returns this table, if batches can be written to it.
   *
   * @throws SqlWriteException if the dialect {@linkplain SqlDialect#problemOf names a problem}
   */
  public SqlTable writableBy(SqlDialect dialect) {
    String problem = dialect.problemOf(this);
    if (problem != null) {
      throw failure(schema, List.of(problem), "Change the table as the documentation says");
    }
    return this;
  }

  /**
   * Returns the table as a session with such limits sees it.
   *
   * @param maxStatementBytes the most bytes of a statement
   * @param problem what is wrong with the session, null if nothing is: as {@link
   *     SqlDialect#sessionQuery()} tells
   * @throws SqlWriteException if there is a problem
   */
  public SqlTable inSession(long maxStatementBytes, @Nullable String problem) {
    if (problem != null) {
      throw failure(schema, List.of(problem), "Set it up as the dialect's documentation says");
    }
    return new SqlTable(this, maxStatementBytes, version);
  }

  /** Returns the table as of a {@linkplain SqlDialect#versionQuery version}. */
  public SqlTable atVersion(long number) {
    return new SqlTable(this, maxStatementBytes, number);
  }

  /**
   * Checks that the table is of a {@linkplain SqlDialect#versionQuery version} still.
   *
   * @throws SqlWriteException if it is not
   */
  public void checkVersion(long number) {
    if (version != number) {
      throw failure(
          schema, List.of("it has changed since it was looked up"), "It is looked up anew");
    }
  }

  private List<SqlColumn> map(Map<String, SqlColumn> byName) {
    List<SqlColumn> found = new ArrayList<>();
    List<String> mismatches = new ArrayList<>();
    for (String name : schema.columns()) {
      List<List<String>> matches =
          IdentifierMatcher.match(List.of(name), byName.keySet().stream().map(List::of).toList());
      if (matches.size() == 1) {
        found.add(byName.get(matches.get(0).get(0)));
      } else {
        String what = matches.isEmpty() ? "there is no column '" : "there are several columns '";
        mismatches.add(what + name + "'");
      }
    }
    if (!mismatches.isEmpty()) {
      throw failure(
          schema,
          mismatches,
          "Its columns are "
              + String.join(", ", byName.keySet())
              + "; correct the Schema or the table");
    }
    return List.copyOf(found);
  }

  private void checkFits(Map<String, List<SqlColumn>> keys) {
    List<String> mismatches = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    for (SqlColumn column : columns) {
      if (column.required() && !mapped.contains(column)) {
        mismatches.add(
            "column '" + column.name() + "' takes no null, has no default and is left out");
      }
    }
    if (!mismatches.isEmpty()) {
      remedies.add("Add what is left out to the Schema, or defaults to the table");
    }
    if (!hasUniqueKey()) {
      remedies.add("Add a unique constraint on just the columns of the key, or correct the Schema");
      mismatches.add(
          "its conflict key " + schema.conflictKey() + " is not a unique key" + whyNot(keys));
    }
    if (!mismatches.isEmpty()) {
      throw failure(schema, mismatches, String.join(". ", remedies));
    }
  }

  /** Of a key that is there but finds no conflicts; a view has keys, but does not tell them. */
  private String whyNot(Map<String, List<SqlColumn>> keys) {
    if (kind.equals("view")) {
      return ", as it is a view: name the table that it shows";
    }
    Set<SqlColumn> key = Set.copyOf(conflictKey());
    return keys.entrySet().stream()
        .filter(each -> each.getKey().startsWith(UNUSABLE))
        .filter(each -> key.equals(Set.copyOf(each.getValue())))
        .map(each -> ", as " + each.getKey().substring(UNUSABLE.length()))
        .collect(Collectors.joining());
  }

  private boolean hasUniqueKey() {
    boolean needsNone =
        schema.onConflict() == ConflictStrategy.FAIL
            || schema.conflictKey().isEmpty()
            || schema.conflictWhere() != null
            || schema.conflictConstraint() != null
            || !keysKnown;
    HashSet<SqlColumn> key = new HashSet<>(conflictKey());
    return needsNone || uniqueKeys.stream().anyMatch(unique -> new HashSet<>(unique).equals(key));
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

  /** Returns the most bytes that a statement may have. */
  public long maxStatementBytes() {
    return maxStatementBytes;
  }

  /** Returns what kind of table it is, in a word of the dialect's own; empty if it has none. */
  public String kind() {
    return kind;
  }

  /** Returns whether the database has told the same of it. */
  boolean isSameAs(SqlTable other) {
    return path.equals(other.path)
        && columns.equals(other.columns)
        && uniqueKeys.equals(other.uniqueKeys)
        && keysKnown == other.keysKnown
        && kind.equals(other.kind)
        && maxStatementBytes == other.maxStatementBytes
        && version == other.version;
  }

  /** Returns how it compares conflict keys. */
  public KeyEquality keys(SqlDialect dialect) {
    KeyEquality known = keys;
    if (known == null) {
      known = dialect.keyEquality(this);
      keys = known;
    }
    return known;
  }

  StatementCache texts() {
    return texts;
  }

  private List<SqlColumn> columnsOf(List<String> names) {
    return names.stream().map(name -> mapped.get(schema.position(name))).toList();
  }

  private static SqlWriteException failure(Schema schema, List<String> mismatches, String remedy) {
    return new SqlWriteException(FailureKind.UNUSABLE, schema, mismatches, remedy);
  }
}
