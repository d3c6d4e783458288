package io.batchflow.sql;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Schema} and the real table that it means.
 *
 * <p>A name is first matched exactly. If there is no such name, it is matched without regard to
 * case, if only one name fits: a table made by {@code create table events} is called {@code EVENTS}
 * in H2, and its author's spelling in quotes would not find it. Immutable.
 */
public final class SqlTable {

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

  SqlTable(
      Schema schema,
      List<String> path,
      List<SqlColumn> columns,
      List<SqlColumn> mapped,
      List<List<SqlColumn>> uniqueKeys,
      boolean keysKnown,
      String kind) {
    this.schema = schema;
    this.path = path;
    this.columns = columns;
    this.mapped = mapped;
    this.uniqueKeys = uniqueKeys;
    this.keysKnown = keysKnown;
    this.kind = kind;
    this.maxStatementBytes = Long.MAX_VALUE;
    this.version = 0;
  }

  /**
   * Finds the table that a schema means in the catalog, and checks that rows of the schema can be
   * stored there.
   *
   * @param rows the result of {@link SqlDialect#catalogQuery()} for the table's name
   * @throws SqlWriteException if there is no such table or more than one, or if it does not fit the
   *     schema. {@link SqlWriteException#mismatches()} has every reason
   */
  public static SqlTable resolve(Schema schema, List<CatalogRow> rows) {
    return TableResolver.of(schema, rows).table();
  }

  /**
   * Returns the schema of a table. It has the columns that rows can set, by their real names: all
   * but those that the database generates, unless they belong to the key. The columns that every
   * row must set are required.
   *
   * @param name a schema with the name of the table; its columns do not count
   * @param rows the result of {@link SqlDialect#catalogQuery()} for the table's name
   * @param key the columns of the conflict key. If none are given, it is the primary key, but not a
   *     generated one unless the strategy needs a key; without a primary key, a strategy that needs
   *     a key takes the only unique key
   * @throws SqlWriteException if there is no such table or column, more than one, or no such key
   */
  public static Schema schemaOf(
      Schema name, List<CatalogRow> rows, ConflictStrategy onConflict, List<String> key) {
    return new SchemaReader(name, rows, onConflict).read(key);
  }

  /**
   * Returns this table, if batches can be written to it.
   *
   * @throws SqlWriteException if the dialect {@linkplain SqlDialect#problemOf names a problem}, or
   *     cannot name a conflict as the schema does
   */
  public SqlTable writableBy(SqlDialect dialect) {
    if (schema.conflictWhere() != null && !dialect.takesConflictWhere()) {
      throw unknownTo(dialect, "conflictWhere");
    }
    if (schema.conflictConstraint() != null && !dialect.takesConflictConstraint()) {
      throw unknownTo(dialect, "conflictConstraint");
    }
    if (schema.isUpdateOnly() && !dialect.supportsUpdateOnly()) {
      throw failure(
          schema,
          List.of(dialect.product() + " has no onAbsent(" + schema.onAbsent() + ")"),
          "Use onAbsent(INSERT), or update the row by other means");
    }
    String problem = dialect.problemOf(this);
    if (problem != null) {
      throw failure(schema, List.of(problem), "Change the table as the documentation says");
    }
    return this;
  }

  private SqlWriteException unknownTo(SqlDialect dialect, String option) {
    return failure(
        schema,
        List.of(dialect.product() + " has no " + option),
        "Remove it from the Schema, and name a unique key of the table as the conflictKey");
  }

  /**
   * Returns the table with the limits of a session, as {@link SqlDialect#sessionQuery()} tells
   * them.
   *
   * @param maxStatementBytes the most bytes of a statement
   * @param problem why nothing can be written in the session; null if it can
   * @throws SqlWriteException if there is a problem
   */
  public SqlTable inSession(long maxStatementBytes, @Nullable String problem) {
    if (problem != null) {
      throw failure(schema, List.of(problem), "Set it up as the dialect's documentation says");
    }
    return new SqlTable(this, maxStatementBytes, version);
  }

  /** Returns the table with the {@linkplain SqlDialect#versionQuery version} of its definition. */
  public SqlTable atVersion(long number) {
    return new SqlTable(this, maxStatementBytes, number);
  }

  /**
   * Checks that the table still has this {@linkplain SqlDialect#versionQuery version}.
   *
   * @throws SqlWriteException if it has another one
   */
  public void checkVersion(long number) {
    if (version != number) {
      throw failure(schema, List.of("it has changed since it was read"), "It is read again");
    }
  }

  /** Returns the name to look for in the catalog: the table's name without qualifiers. */
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

  /** Returns all columns of the table in their order, also those that the schema leaves out. */
  public List<SqlColumn> columns() {
    return columns;
  }

  /** Returns the column at a position of the schema. */
  public SqlColumn column(int position) {
    return mapped.get(position);
  }

  /** Returns whether the schema has a column. */
  boolean isMapped(SqlColumn column) {
    return mapped.contains(column);
  }

  /** Returns the columns of the schema's conflict key. */
  public List<SqlColumn> conflictKey() {
    return columnsOf(schema.conflictKey());
  }

  /**
   * Returns the columns that a row overwrites if its key exists. Under UPDATE these are the update
   * columns that the row sets. Under REPLACE these are all columns outside the key; a column that
   * the row does not set gets its default. A generated column (a row id, a computed column) that
   * the row does not set keeps its value.
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

  /**
   * Returns whether a row that conflicts is ignored, since it overwrites nothing.
   *
   * @param present the columns that the row sets
   */
  public boolean mayIgnore(List<SqlColumn> present) {
    return schema.onConflict() != ConflictStrategy.FAIL && overwritten(present).isEmpty();
  }

  /** Returns the table's unique keys; empty if the dialect does not read them. */
  public List<List<SqlColumn>> uniqueKeys() {
    return uniqueKeys;
  }

  /** Returns the most bytes that a statement may have. */
  public long maxStatementBytes() {
    return maxStatementBytes;
  }

  /** Returns the kind of table, in the dialect's own words; empty if the dialect names none. */
  public String kind() {
    return kind;
  }

  /** Returns whether the catalog described both tables alike. */
  boolean isSameAs(SqlTable other) {
    return path.equals(other.path)
        && columns.equals(other.columns)
        && uniqueKeys.equals(other.uniqueKeys)
        && keysKnown == other.keysKnown
        && kind.equals(other.kind)
        && maxStatementBytes == other.maxStatementBytes
        && version == other.version;
  }

  /** Returns how the table compares conflict keys. */
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

  /**
   * Returns columns by their names, also those that the schema leaves out.
   *
   * @throws SqlWriteException if there is no such column
   */
  List<SqlColumn> named(List<String> names) {
    return names.stream().map(this::named).toList();
  }

  private SqlColumn named(String name) {
    Map<List<String>, SqlColumn> byName =
        columns.stream().collect(Collectors.toMap(column -> List.of(column.name()), c -> c));
    List<List<String>> found = IdentifierMatcher.match(List.of(name), byName.keySet());
    if (found.size() != 1) {
      throw failure(
          schema,
          List.of("it has no column '" + name + "' whose value could be returned"),
          "Correct 'returning' of the BatchPolicy");
    }
    return Objects.requireNonNull(byName.get(found.get(0)));
  }

  private List<SqlColumn> columnsOf(List<String> names) {
    return names.stream().map(name -> mapped.get(schema.position(name))).toList();
  }

  static SqlWriteException failure(Schema schema, List<String> mismatches, String remedy) {
    return new SqlWriteException(FailureKind.UNUSABLE, schema, mismatches, remedy);
  }
}
