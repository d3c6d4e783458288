package io.batchflow;

import io.batchflow.spi.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes the rows of one table: its columns, its conflict key and its conflict strategy. Rows of
 * equal schemas share batches.
 *
 * <p>Immutable and thread-safe. Build it once and reuse it. Names are used exactly as given;
 * dialects quote them.
 */
public final class Schema {

  private final SchemaParts.Definition definition;
  private final String table;
  private final Map<String, Integer> positions;
  private final int[] keyPositions;
  private final int[] requiredPositions;
  private final boolean[] updated;
  private final int hash;

  private Schema(SchemaParts.Definition definition) {
    this.definition = definition;
    this.table = String.join(".", definition.tablePath());
    this.positions = new HashMap<>();
    for (String column : definition.columns()) {
      positions.put(column, positions.size());
    }
    this.keyPositions = positionsOf(definition.conflictKey());
    this.requiredPositions = positionsOf(definition.requiredColumns());
    this.updated = new boolean[positions.size()];
    for (int position : positionsOf(definition.updateColumns())) {
      updated[position] = true;
    }
    this.hash = definition.hashCode();
  }

  /**
   * Starts a schema for a table. Dots separate qualifiers: {@code "sales.orders"} is the table
   * {@code orders} in {@code sales}; {@link #tablePath(String...)} accepts names with dots.
   */
  public static Builder table(String name) {
    return new Builder(List.of(name.split("\\.", -1)));
  }

  /**
   * Starts a schema for a table whose name or qualifiers contain dots. A part is one identifier.
   */
  public static Builder tablePath(String... parts) {
    return new Builder(List.of(parts));
  }

  /** Returns a new, empty row of this schema. */
  public Row row() {
    return new Row(this, false);
  }

  /**
   * Returns a new row that deletes the row of its key. Set the columns of the conflict key only.
   *
   * @throws InvalidSchemaException unless the schema {@link #allowsDeletes()}
   */
  public Row delete() {
    definition.checkDeletes((what, how) -> new InvalidSchemaException(table, what, how));
    return new Row(this, true);
  }

  /** Returns the table's name with its qualifiers, joined by dots. */
  public String table() {
    return table;
  }

  /** Returns the table's qualifiers and name as separate identifiers. */
  public List<String> tablePath() {
    return definition.tablePath();
  }

  /** Returns the columns, in order. */
  public List<String> columns() {
    return definition.columns();
  }

  /** Returns the columns of the conflict key; empty if there is none. */
  public List<String> conflictKey() {
    return definition.conflictKey();
  }

  /** Returns what happens to a row when the table already holds its key. */
  public ConflictStrategy onConflict() {
    return definition.onConflict();
  }

  /** Returns what happens to a row when the table does not hold its key. */
  public AbsentStrategy onAbsent() {
    return definition.onAbsent();
  }

  /** Returns whether rows only update rows that exist: they are never inserted. */
  public boolean isUpdateOnly() {
    return definition.onAbsent() != AbsentStrategy.INSERT;
  }

  /**
   * Returns the columns that {@link ConflictStrategy#UPDATE} overwrites: those given, or else all
   * columns outside the key. Empty under other strategies.
   */
  public List<String> updateColumns() {
    return definition.updateColumns();
  }

  /** Returns the columns that every row must set: the conflict key and the required columns. */
  public List<String> requiredColumns() {
    return definition.requiredColumns();
  }

  /** Returns the columns whose stored values callers are told, whatever the policy. */
  public List<String> returning() {
    return definition.returning();
  }

  /** Returns the predicate of the partial unique index that finds conflicts, or null. */
  public @Nullable String conflictWhere() {
    return definition.conflictWhere();
  }

  /** Returns the name of the constraint that finds conflicts, or null. */
  public @Nullable String conflictConstraint() {
    return definition.conflictConstraint();
  }

  /**
   * Returns a column's position, from 0.
   *
   * @throws InvalidRowException if this schema has no such column
   */
  public int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw InvalidRowException.unknownColumn(table, column, columns());
    }
    return position;
  }

  /**
   * Returns the position of a column of the conflict key.
   *
   * @param index the index in {@link #conflictKey()}, from 0
   * @throws IndexOutOfBoundsException if the key has no such column
   */
  public int keyPosition(int index) {
    return keyPositions[index];
  }

  /** Returns the columns that a row must set; of a row that deletes its key, those of the key. */
  int[] requiredPositions(boolean delete) {
    return delete ? keyPositions : requiredPositions;
  }

  boolean isUpdated(int position) {
    return updated[position];
  }

  /** Returns whether rows of a key may be merged; a partial index may not contain all of them. */
  public boolean isMergeable() {
    return definition.isMergeable();
  }

  /**
   * Returns whether rows may {@linkplain #delete() delete} their keys: under UPDATE and REPLACE,
   * where rows of one key have an order, if the key alone finds its row.
   */
  public boolean allowsDeletes() {
    return definition.allowsDeletes();
  }

  private int[] positionsOf(List<String> names) {
    return names.stream().mapToInt(positions::get).toArray();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Schema that
            && hash == that.hash
            && definition.equals(that.definition));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Printable.line("Schema[table=" + table + ", columns=" + columns() + "]");
  }

  /** Builds a {@link Schema}. Not safe for concurrent use. */
  public static final class Builder {

    private final SchemaParts parts;

    private Builder(List<String> path) {
      String table = String.join(".", path);
      this.parts =
          new SchemaParts(path, (what, how) -> new InvalidSchemaException(table, what, how));
    }

    /** Adds columns, in order. At least one is needed. */
    public Builder columns(String... names) {
      return columns(List.of(names));
    }

    /** Adds columns, in order. At least one is needed. */
    public Builder columns(List<String> names) {
      parts.columns.addAll(names);
      return this;
    }

    /**
     * Adds columns of the unique key that finds conflicts. Defaults to none; {@link
     * ConflictStrategy#UPDATE} and {@link ConflictStrategy#REPLACE} need one.
     */
    public Builder conflictKey(String... names) {
      return conflictKey(List.of(names));
    }

    /** Adds columns of the unique key that finds conflicts. */
    public Builder conflictKey(List<String> names) {
      parts.conflictKey.addAll(names);
      return this;
    }

    /** Sets what happens on a conflict. Defaults to {@link ConflictStrategy#FAIL}. */
    public Builder onConflict(ConflictStrategy strategy) {
      parts.onConflict = strategy;
      return this;
    }

    /** Sets what happens to a row whose key is absent. Defaults to INSERT; others need UPDATE. */
    public Builder onAbsent(AbsentStrategy strategy) {
      parts.onAbsent = strategy;
      return this;
    }

    /** Sets the columns that UPDATE overwrites. Defaults to all columns outside the key. */
    public Builder updateColumns(String... names) {
      parts.updateColumns.addAll(List.of(names));
      return this;
    }

    /**
     * Sets the predicate of the partial unique index that finds conflicts, for example {@code
     * "deleted_at IS NULL"}. It becomes part of statements unchanged: never build it from user
     * input. Rows of the same key are then not merged. For PostgreSQL and SQLite.
     */
    public Builder conflictWhere(String predicate) {
      parts.conflictWhere = predicate;
      return this;
    }

    /**
     * Sets the constraint that finds conflicts: a unique constraint or, for IGNORE, an exclusion
     * constraint. The conflict key is still needed to merge and order rows. For PostgreSQL.
     */
    public Builder conflictConstraint(String name) {
      parts.conflictConstraint = name;
      return this;
    }

    /** Adds columns that every row must set, possibly to null. Key columns are always required. */
    public Builder required(String... names) {
      parts.required.addAll(List.of(names));
      return this;
    }

    /** Adds columns to those of {@link BatchPolicy.Builder#returning}, for rows of this schema. */
    public Builder returning(String... names) {
      parts.returning.addAll(List.of(names));
      return this;
    }

    /**
     * Validates and builds the schema.
     *
     * @throws InvalidSchemaException if a name is empty or contains a NUL, there is no column, a
     *     column occurs twice, a key, update or required column is not among the columns, or UPDATE
     *     or REPLACE has no key
     */
    public Schema build() {
      parts.check();
      return new Schema(parts.define());
    }
  }
}
