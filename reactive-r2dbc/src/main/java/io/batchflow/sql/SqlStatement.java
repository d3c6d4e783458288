package io.batchflow.sql;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One statement for some rows of a batch, all of which set the same columns.
 *
 * <p>A batch becomes more than one where its rows set different columns, or where a statement
 * cannot take them all. They run in one transaction. Where the rows' keys are distinct their order
 * does not matter; else statements take rows that stand together, in their order.
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
  private final Batch batch;
  private final int[] positions;
  private final List<Row> rows;
  private final List<Integer> indexes;
  private final String sql;
  private final boolean returning;
  private final boolean distinct;

  private SqlStatement(
      SqlDialect dialect,
      SqlTable table,
      Batch batch,
      int[] positions,
      List<Row> rows,
      List<Integer> indexes,
      String sql,
      boolean returning,
      boolean distinct) {
    this.dialect = dialect;
    this.table = table;
    this.batch = batch;
    this.positions = positions;
    this.rows = rows;
    this.indexes = indexes;
    this.sql = sql;
    this.returning = returning;
    this.distinct = distinct;
  }

  /**
   * Returns the statements that together store a batch.
   *
   * @param size how many rows to take of at most so many: the same number each time is the largest
   *     statement, fewer sizes make fewer texts to prepare
   * @throws SqlWriteException if the table cannot serve the strategy, or a row sets no column
   */
  public static List<SqlStatement> of(
      SqlDialect dialect, SqlTable table, Batch batch, IntUnaryOperator size) {
    boolean distinct = areDistinct(dialect, table, batch);
    List<SqlStatement> statements = new ArrayList<>();
    for (RowGroup group : RowGroup.of(batch, distinct)) {
      add(statements, dialect, table, group, batch, distinct, size);
    }
    return statements;
  }

  /** Whether no two rows can be one to the table. Those that a partial index may hold are apart. */
  private static boolean areDistinct(SqlDialect dialect, SqlTable table, Batch batch) {
    Schema schema = batch.schema();
    boolean needless =
        batch.size() == 1
            || schema.conflictKey().isEmpty()
            || schema.onConflict() == ConflictStrategy.FAIL
            || schema.conflictWhere() != null;
    if (needless) {
      return true;
    }
    KeyEquality keys = table.keys(dialect);
    if (batch.isDistinct()) {
      if (!batch.keys().equals(keys)) {
        throw new StaleKeysException(schema);
      }
      return true;
    }
    Set<Object> seen = new HashSet<>();
    for (Row row : batch.rows()) {
      Object key = keys.key(row);
      if (key == KeyEquality.UNCERTAIN || (key != null && !seen.add(key))) {
        return false;
      }
    }
    return true;
  }

  private static void add(
      List<SqlStatement> statements,
      SqlDialect dialect,
      SqlTable table,
      RowGroup group,
      Batch batch,
      boolean distinct,
      IntUnaryOperator size) {
    List<SqlColumn> present = IntStream.of(group.positions).mapToObj(table::column).toList();
    boolean alone = !distinct && dialect.insertRepeated(table, present, 1) == null;
    int most = alone ? 1 : dialect.maxRows(table, present);
    PacketLimit limit = new PacketLimit(dialect, table, present);
    int count;
    for (int from = 0; from < group.rows.size(); from += count) {
      int fitting = limit.fitting(group, from, Math.min(most, group.rows.size() - from));
      // One text serves all sizes, and rows that the statement sorts by key stay together.
      count = dialect.columnWise() ? fitting : size.applyAsInt(fitting);
      StatementCache.Text text =
          table.texts().of(dialect, table, present, count, distinct || alone, batch.rowVerdicts());
      statements.add(
          new SqlStatement(
              dialect,
              table,
              batch,
              group.positions,
              group.rows.subList(from, from + count),
              group.indexes(from, from + count),
              text.sql(),
              text.returning(),
              distinct || alone));
    }
  }

  /** Returns the text, with a parameter for each value, or for the values of each column. */
  public String sql() {
    return sql;
  }

  /**
   * Returns the text, with the same parameters, whose failure tells why this statement of one row
   * failed by a guard; null if it did not. See {@link SqlDialect#insertForReason}.
   */
  public @Nullable String sqlForReason(int code) {
    return rows.size() == 1 ? dialect.insertForReason(table, columns(), code) : null;
  }

  /** Returns the table. */
  public SqlTable table() {
    return table;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows.size();
  }

  /** Returns the columns that the rows set. */
  public List<SqlColumn> columns() {
    return IntStream.of(positions).mapToObj(table::column).toList();
  }

  /**
   * Returns a row's value.
   *
   * @param row the row, from 0
   * @param column the column, as in {@link #columns()}
   */
  public @Nullable Object value(int row, int column) {
    return rows.get(row).value(positions[column]);
  }

  /**
   * Returns where a row stands in the batch; -1 where it is not there.
   *
   * @param row the row, from 0; one that the statement does not have is nowhere
   */
  public int indexInBatch(int row) {
    return row >= 0 && row < rows.size() ? batch.rows().indexOf(rows.get(row)) : -1;
  }

  /** Returns where a row stands in a batch of which verdicts are asked. */
  int indexForVerdict(int row) {
    return indexes.get(row);
  }

  /**
   * Returns whether it returns for each row its number, from 1, and whether it was inserted (true),
   * updated (false) or neither (null).
   */
  public boolean returning() {
    return returning;
  }

  /**
   * Returns the query that tells, before the statement and in its transaction, which keys the table
   * holds, by the numbers of their rows, from 1; null where there is none, or where rows may share
   * a key, so that the first of them would make it.
   */
  public @Nullable String selectExisting() {
    return tellsByKeys() ? dialect.selectExisting(table, rows.size()) : null;
  }

  /** Returns the query that tells, after the statement, which keys stand for one row each. */
  public @Nullable String selectDistinct() {
    return tellsByKeys() ? dialect.selectDistinct(table, rows.size()) : null;
  }

  /** A partial index does not hold all rows, so that its key does not tell. */
  private boolean tellsByKeys() {
    Schema schema = table.schema();
    return distinct
        && !schema.conflictKey().isEmpty()
        && schema.conflictWhere() == null
        && storesAsGiven();
  }

  /** Returns whether what the database counts is what the table holds. */
  boolean storesAsGiven() {
    return dialect.storesAsGiven(table);
  }

  /** Binds the keys of every row, as {@link #selectExisting()} wants them. */
  public <E extends Exception> void bindKeysTo(Parameters<E> parameters) throws E {
    int index = 0;
    for (Row row : rows) {
      for (String column : table.schema().conflictKey()) {
        int position = table.schema().position(column);
        bind(parameters, index++, position, row.value(position));
      }
    }
  }

  /**
   * Binds every value.
   *
   * @throws SqlWriteException if a value's type cannot be stored, or a {@link BadRowException} for
   *     that cause, which names the row
   */
  public <E extends Exception> void bindTo(Parameters<E> parameters) throws E {
    if (dialect.columnWise()) {
      bindColumns(parameters);
      return;
    }
    int index = 0;
    for (int row = 0; row < rows.size(); row++) {
      try {
        for (int position : positions) {
          bind(parameters, index++, position, rows.get(row).value(position));
        }
      } catch (SqlWriteException rejected) {
        throw batch.size() == 1 ? rejected : new BadRowException(indexInBatch(row), rejected);
      }
    }
  }

  private <E extends Exception> void bindColumns(Parameters<E> parameters) throws E {
    for (int index = 0; index < positions.length; index++) {
      Object values = parameter(index);
      try {
        parameters.bind(index, values);
      } catch (IllegalArgumentException rejected) {
        throw unsupported(positions[index], "a value", rejected);
      }
    }
  }

  /**
   * Returns the parameter that holds a column's values, for a {@link SqlDialect#columnWise()}
   * dialect.
   *
   * @param column the column, as in {@link #columns()}
   * @throws SqlWriteException if a value's type cannot be stored, or a {@link BadRowException} for
   *     that cause, which names the row
   */
  public Object parameter(int column) {
    int position = positions[column];
    List<@Nullable Object> values = valuesOf(position);
    try {
      return dialect.encodeColumn(table.column(position), values);
    } catch (RuntimeException | StackOverflowError rejected) {
      int row = firstRejected(position, values);
      Object value = row < 0 ? null : values.get(row);
      boolean told = rejected.getClass() == IllegalArgumentException.class;
      String what = told ? rejected.getMessage() : typeOf(value);
      SqlWriteException named = unsupported(position, what, rejected);
      throw batch.size() == 1 ? named : new BadRowException(indexInBatch(row), named);
    }
  }

  private static String typeOf(@Nullable Object value) {
    return value == null ? "a value" : "a " + value.getClass().getTypeName();
  }

  private int firstRejected(int position, List<@Nullable Object> values) {
    for (int row = 0; row < values.size(); row++) {
      try {
        dialect.encodeColumn(table.column(position), values.subList(row, row + 1));
      } catch (RuntimeException | StackOverflowError rejected) {
        return row;
      }
    }
    return -1;
  }

  private List<@Nullable Object> valuesOf(int position) {
    return new AbstractList<>() {
      @Override
      public @Nullable Object get(int row) {
        return rows.get(row).value(position);
      }

      @Override
      public int size() {
        return rows.size();
      }
    };
  }

  private <E extends Exception> void bind(
      Parameters<E> parameters, int index, int position, @Nullable Object value) throws E {
    if (value == null) {
      parameters.bind(index, null);
      return;
    }
    Object encoded = encoded(position, value);
    try {
      parameters.bind(index, encoded);
    } catch (IllegalArgumentException rejected) {
      throw unsupported(position, typeOf(value), rejected);
    }
  }

  /** Whatever goes wrong here is the value's fault. */
  private Object encoded(int position, Object value) {
    Object encoded;
    try {
      encoded = dialect.encode(table.column(position), value);
    } catch (RuntimeException | StackOverflowError rejected) {
      throw unsupported(position, typeOf(value), rejected);
    }
    if (encoded == null) {
      throw unsupported(position, typeOf(value), null);
    }
    return encoded;
  }

  private SqlWriteException unsupported(
      int position, @Nullable String what, @Nullable Throwable cause) {
    return new SqlWriteException(
        FailureKind.DATA,
        table.schema(),
        "column '"
            + table.schema().columns().get(position)
            + "' got "
            + what
            + ", which cannot be stored in "
            + dialect.product(),
        "Convert it before it is set",
        cause);
  }
}
