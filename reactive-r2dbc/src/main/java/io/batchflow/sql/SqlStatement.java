package io.batchflow.sql;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.Schema;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One statement for some rows of a batch, all of which set the same columns.
 *
 * <p>A batch becomes several statements if its rows set different columns, or if one statement
 * cannot take them all. They run in one transaction. If the rows' keys are distinct, their order
 * does not matter. Otherwise each statement takes consecutive rows, in their order.
 */
public final class SqlStatement {

  /** Takes the parameters of a statement, in order. */
  @FunctionalInterface
  public interface Parameters<E extends Exception> {

    /**
     * Binds a value.
     *
     * @param index the parameter, from 0
     * @throws IllegalArgumentException if the driver cannot take the value
     */
    void bind(int index, @Nullable Object value) throws E;
  }

  private final SqlDialect dialect;
  private final SqlTable table;
  private final StatementRows rows;
  private final SqlBinding binding;
  private final StatementCache.Text text;
  private final boolean distinct;
  private final ReadBack readBack;

  /**
   * @param distinct whether the rows are known to be different rows of the table
   * @param readBack how the stored values of the rows are read after the statement
   */
  SqlStatement(
      SqlDialect dialect,
      SqlTable table,
      StatementRows rows,
      StatementCache.Text text,
      boolean distinct,
      ReadBack readBack) {
    this.dialect = dialect;
    this.table = table;
    this.rows = rows;
    this.binding = new SqlBinding(dialect, table, rows);
    this.text = text;
    this.distinct = distinct;
    this.readBack = readBack;
  }

  /**
   * Returns the statements that together store a batch.
   *
   * @param size returns how many rows the next statement takes, given the most that it can take.
   *     Fewer different sizes make fewer texts to prepare
   * @throws SqlWriteException if the table cannot serve the strategy, or a row sets no column
   */
  public static List<SqlStatement> of(
      SqlDialect dialect, SqlTable table, Batch batch, IntUnaryOperator size) {
    return StatementPlan.of(dialect, table, batch, size);
  }

  /** Returns the text, with a parameter for each value, or for the values of each column. */
  public String sql() {
    return text.sql();
  }

  /**
   * Returns a text with the same parameters, whose failure tells why a guard made this statement of
   * one row fail; null if no guard did. See {@link SqlDialect#insertForReason}.
   */
  public @Nullable String sqlForReason(int code) {
    return rows.size() == 1 && !isDelete() ? dialect.insertForReason(table, columns(), code) : null;
  }

  /** Returns the table. */
  public SqlTable table() {
    return table;
  }

  /** Returns whether the statement deletes the keys of its rows. It stores them otherwise. */
  public boolean isDelete() {
    return rows.delete();
  }

  /** Returns whether the statement only updates, so that it must be known which keys are there. */
  public boolean isUpdateOnly() {
    return table.schema().isUpdateOnly();
  }

  /** Returns whether the rows are known to be different rows of the table. */
  boolean isDistinct() {
    return distinct;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows.size();
  }

  /** Returns the columns that the rows set. */
  public List<SqlColumn> columns() {
    return rows.columns(table);
  }

  /**
   * Returns a row's value.
   *
   * @param row the row, from 0
   * @param column the column, as in {@link #columns()}
   */
  public @Nullable Object value(int row, int column) {
    return rows.value(row, column);
  }

  /**
   * Returns the position of a row in the batch; -1 if the statement has no such row.
   *
   * @param row the row, from 0
   */
  public int indexInBatch(int row) {
    return rows.indexInBatch(row);
  }

  /** Returns the position of a row in a batch for which verdicts are asked. */
  int indexForVerdict(int row) {
    return rows.indexForVerdict(row);
  }

  /**
   * Returns whether the statement returns for each row its number, from 1, and whether it was
   * inserted (true), updated (false) or neither (null); if it deletes, whether it deleted (true) or
   * found nothing (null).
   */
  public boolean returning() {
    return text.returning();
  }

  /**
   * Returns the columns that the statement returns of each row, in the order of the rows; empty if
   * it returns none.
   */
  public List<SqlColumn> returned() {
    return text.returned();
  }

  /** Returns whether the statement leaves nothing behind if it fails outside of a transaction. */
  public boolean isAtomic() {
    return lockExisting() == null
        && readBack == ReadBack.NONE
        && (returned().isEmpty() || dialect.isReturningAtomic());
  }

  /**
   * Returns the query, to run before a statement that only updates, in its transaction, for the
   * keys that the table holds. Its result is the numbers of their rows, from 1. The statement to
   * run then is {@link #onlyFor}. Null if the statement itself tells which rows are there.
   */
  public @Nullable String lockExisting() {
    return isUpdateOnly() ? dialect.lockExisting(table, rows.size()) : null;
  }

  /**
   * Returns the query, to run next after the statement in its transaction, for the {@linkplain
   * Batch#returning() columns} of the rows of the table that have the keys of these rows, or the
   * numbers that the statement made. Its result is the number of the row, from 1, and then the
   * columns. Null if nobody asks for values that are read in this way.
   */
  public @Nullable String selectStored() {
    return switch (readBack) {
      case NONE -> null;
      case BY_KEY -> dialect.selectStored(table, rows.size(), rows.askedFor(table));
      case BY_NUMBER -> dialect.selectInserted(table, columns(), rows.size(), rows.askedFor(table));
    };
  }

  /** Returns whether {@link #selectStored()} finds the rows by the numbers that they got. */
  boolean isReadByNumber() {
    return readBack == ReadBack.BY_NUMBER;
  }

  /**
   * Returns the statement with null in the key of every other row. A null equals no key, so a row
   * stays absent even if another session inserts its key now.
   *
   * @param numbers the rows, from 1
   */
  public SqlStatement onlyFor(Set<Integer> numbers) {
    return new SqlStatement(dialect, table, rows.onlyFor(numbers), text, distinct, readBack);
  }

  /**
   * Returns the query, to run before the statement in its transaction, for the keys that the table
   * already holds. Its result is the numbers of their rows, from 1. Null if the dialect has no such
   * query, or if rows may share a key.
   */
  public @Nullable String selectExisting() {
    return tellsByKeys() ? dialect.selectExisting(table, rows.size()) : null;
  }

  /**
   * Returns the query, to run after the statement in its transaction, for the keys that belong to
   * exactly one row each; null as for {@link #selectExisting()}.
   */
  public @Nullable String selectDistinct() {
    return tellsByKeys() && !isDelete() ? dialect.selectDistinct(table, rows.size()) : null;
  }

  /** The key of a partial index tells nothing, as the index does not hold all rows. */
  private boolean tellsByKeys() {
    Schema schema = table.schema();
    return distinct
        && !isUpdateOnly()
        && !schema.conflictKey().isEmpty()
        && schema.conflictWhere() == null
        && storesAsGiven();
  }

  /** Returns whether a row that the database counts is in the table, as it was given. */
  boolean storesAsGiven() {
    return dialect.storesAsGiven(table);
  }

  /**
   * Binds the keys of every row, as {@link #selectExisting()} and {@link #lockExisting()} want
   * them.
   *
   * @throws SqlWriteException as for {@link #bindTo}
   */
  public <E extends Exception> void bindKeysTo(Parameters<E> parameters) throws E {
    binding.bindKeysTo(parameters);
  }

  /**
   * Binds what {@link #selectStored()} wants: the keys of every row, or nothing.
   *
   * @throws SqlWriteException as for {@link #bindTo}
   */
  public <E extends Exception> void bindStoredTo(Parameters<E> parameters) throws E {
    if (readBack == ReadBack.BY_KEY) {
      binding.bindKeysTo(parameters);
    }
  }

  /**
   * Binds every value.
   *
   * @throws SqlWriteException if a value's type cannot be stored, or a {@link BadRowException} with
   *     that cause, which names the row
   */
  public <E extends Exception> void bindTo(Parameters<E> parameters) throws E {
    binding.bindTo(parameters);
  }

  /**
   * Returns the parameter that holds a column's values, for a {@link SqlDialect#columnWise()}
   * dialect.
   *
   * @param column the column, as in {@link #columns()}
   * @throws SqlWriteException if a value's type cannot be stored, or a {@link BadRowException} with
   *     that cause, which names the row
   */
  public Object parameter(int column) {
    return binding.parameter(column);
  }
}
