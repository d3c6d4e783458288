package io.batchflow;

import io.batchflow.internal.key.KeyedRows;
import io.batchflow.spi.Printable;
import io.batchflow.unit.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.util.context.ContextView;

/**
 * Rows of one {@link Schema} that are written together in one atomic write.
 *
 * <p>Rows that share a conflict key by a {@link KeyEquality} are merged into one. The rows are
 * sorted by that key, so that two batches with common keys take their locks in the same order. Rows
 * that may share a key stay in the order of their submission. Immutable. Each attempt to write the
 * rows has its own batch object.
 */
public final class Batch {

  private final Schema schema;
  private final List<Row> rows;
  private final boolean rowVerdicts;
  private final List<String> returning;
  private final boolean returningExisting;
  private final KeyEquality keys;
  private final boolean distinct;
  private final int attempt;
  private final Supplier<Stream<ContextView>> contexts;

  private Batch(
      Schema schema,
      List<Row> rows,
      boolean rowVerdicts,
      List<String> returning,
      boolean returningExisting,
      KeyEquality keys,
      boolean distinct,
      int attempt,
      Supplier<Stream<ContextView>> contexts) {
    this.schema = schema;
    this.rows = rows;
    this.rowVerdicts = rowVerdicts;
    this.returning = returning;
    this.returningExisting = returningExisting;
    this.keys = keys;
    this.distinct = distinct;
    this.attempt = attempt;
    this.contexts = contexts;
  }

  /**
   * Creates a batch of the given rows, in the given order.
   *
   * @param rowVerdicts whether the writer should report what each row did, if it can
   * @throws NullPointerException if anything is null
   * @throws IllegalArgumentException if there is no row, or a row of another schema
   */
  public Batch(Schema schema, List<Row> rows, boolean rowVerdicts) {
    this(
        schema,
        checked(schema, List.copyOf(rows)),
        rowVerdicts,
        List.of(),
        false,
        KeyEquality.byValue(),
        false,
        1,
        Stream::empty);
  }

  /** Creates a batch without row verdicts. */
  public Batch(Schema schema, List<Row> rows) {
    this(schema, rows, false);
  }

  /**
   * Returns a batch of rows that are already sorted and merged. Nothing is checked or copied.
   * Writers and tests should use {@link #of(List, KeyEquality)}.
   *
   * @param rows rows of the schema, at least one; the list must not change afterwards
   * @param rowVerdicts whether the writer should report what each row did, if it can
   * @param keys the rule that the rows were sorted and merged by
   * @param distinct whether no two rows may have the same key by that rule
   */
  public static Batch assembled(
      Schema schema, List<Row> rows, boolean rowVerdicts, KeyEquality keys, boolean distinct) {
    return new Batch(
        schema,
        Collections.unmodifiableList(rows),
        rowVerdicts,
        List.of(),
        false,
        keys,
        distinct,
        1,
        Stream::empty);
  }

  private static List<Row> checked(Schema schema, List<Row> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("A batch holds at least one row");
    }
    for (Row row : rows) {
      if (!row.schema().equals(schema)) {
        throw new IllegalArgumentException(
            Printable.line(
                "A batch for table '"
                    + schema.table()
                    + "' cannot hold a row for table '"
                    + row.schema().table()
                    + "'"));
      }
    }
    return rows;
  }

  /**
   * Returns a batch of the same rows for one attempt to write them.
   *
   * @param attempt see {@link #attempt()}
   * @param contexts supplies the result of {@link #contexts()}
   */
  public Batch on(int attempt, Supplier<Stream<ContextView>> contexts) {
    return new Batch(
        schema, rows, rowVerdicts, returning, returningExisting, keys, distinct, attempt, contexts);
  }

  /**
   * Returns a batch of the same rows whose writer should report the stored values of columns, if it
   * can.
   */
  public Batch returning(List<String> columns) {
    return returning(columns, false);
  }

  /** Returns such a batch, for {@link #returningExisting()} too. */
  public Batch returning(List<String> columns, boolean existing) {
    List<String> copy = List.copyOf(columns);
    return new Batch(schema, rows, rowVerdicts, copy, existing, keys, distinct, attempt, contexts);
  }

  /** Returns the schema of every row. */
  public Schema schema() {
    return schema;
  }

  /** Returns the rows, at least one; unmodifiable. */
  public List<Row> rows() {
    return rows;
  }

  /**
   * Returns whether the writer should report what each row did, if it can. See {@link
   * BatchResult#withVerdicts}.
   */
  public boolean rowVerdicts() {
    return rowVerdicts;
  }

  /**
   * Returns the columns whose stored values the writer should report, if it can; unmodifiable. See
   * {@link BatchResult#withValues}.
   */
  public List<String> returning() {
    return returning;
  }

  /** Returns whether the values of an ignored row are those of the row with its key. */
  public boolean returningExisting() {
    return returningExisting;
  }

  /** Returns the rule by which the rows were sorted and merged. */
  public KeyEquality keys() {
    return keys;
  }

  /**
   * Returns whether no two rows may have the same key by {@link #keys()}. If false, the rows must
   * be written in their order.
   */
  public boolean isDistinct() {
    return distinct;
  }

  /** Returns the number of this attempt: 1 for the first attempt, 2 for the first retry. */
  public int attempt() {
    return attempt;
  }

  /**
   * Returns the Reactor Contexts of the callers, which may hold a trace or a user. There is one for
   * each {@link BatchFlow#submit}, merged rows included, and one for each {@link
   * BatchFlow#submitAll}, for any number of rows. A row whose tag is an {@link
   * io.batchflow.spi.Origin} has the Contexts of that instead. The stream is lazy. It is empty if
   * no flow made the batch.
   */
  public Stream<ContextView> contexts() {
    return contexts.get();
  }

  /**
   * Returns the batch that a flow would make of these rows by {@link KeyEquality#byValue()}, the
   * rule for unknown backends. Freezes the rows, as a submission does.
   *
   * @param rows rows of one schema, at least one, in the order of their submission
   * @throws IllegalArgumentException if there is no row, or the rows have different schemas
   * @throws InvalidRowException if a required column of a row is unset
   */
  public static Batch of(List<Row> rows) {
    return of(rows, KeyEquality.byValue());
  }

  /**
   * Returns the batch that a flow would make of these rows: sorted by conflict key, with rows of
   * the same key merged. Freezes the rows, as a submission does.
   *
   * @param rows rows of one schema, at least one, in the order of their submission
   * @param keys how the backend compares their keys
   * @throws IllegalArgumentException if there is no row, or the rows have different schemas
   * @throws InvalidRowException if a required column of a row is unset
   */
  public static Batch of(List<Row> rows, KeyEquality keys) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("A batch holds at least one row");
    }
    Schema schema = rows.get(0).schema();
    checked(schema, rows);
    Row[] frozen = rows.stream().map(Row::freeze).toArray(Row[]::new);
    KeyedRows<Row> sorted = KeyedRows.of(keys, frozen, row -> row);
    List<Row> merged = new ArrayList<>();
    for (int i = 0; i < frozen.length; i++) {
      int last = merged.size() - 1;
      if (i > 0 && sorted.merge(i - 1, i)) {
        merged.set(last, merged.get(last).mergedWith(sorted.rows[i]));
      } else {
        merged.add(sorted.rows[i]);
      }
    }
    return assembled(schema, merged, false, keys, sorted.areDistinct());
  }

  /**
   * Returns whether a second write of these rows changes nothing. This requires a strategy other
   * than {@link ConflictStrategy#FAIL} and a conflict key for every row. A row whose key holds a
   * null, or whose key the backend generates, conflicts with no row, not even with itself. A unit
   * is repeatable if each of its rows is.
   */
  public boolean isRepeatable() {
    return rows.stream().flatMap(row -> Unit.rows(row).stream()).allMatch(this::isRepeatable);
  }

  private boolean isRepeatable(Row row) {
    return row.schema().isMergeable()
        && !row.schema().conflictKey().isEmpty()
        && keys.key(row) != null;
  }

  /**
   * Returns whether some rows {@linkplain Row#isDelete() delete} their keys. In a batch of a flow
   * whose rule for keys is exact, the rows of one key are then at most a delete, or a delete and a
   * row that is stored after it.
   */
  public boolean hasDeletes() {
    if (schema.allowsDeletes()) {
      for (Row row : rows) {
        if (row.isDelete()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the number of rows. */
  public int size() {
    return rows.size();
  }

  /** Returns the estimated size of all values, in bytes. */
  public long estimatedBytes() {
    long bytes = 0;
    for (Row row : rows) {
      bytes += row.estimatedBytes();
    }
    return bytes;
  }

  @Override
  public String toString() {
    return Printable.line(
        "Batch[table=" + schema.table() + ", rows=" + size() + ", attempt=" + attempt + "]");
  }
}
