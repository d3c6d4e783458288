package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.FailureKind;
import io.batchflow.Request;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One statement for some rows of a batch, all of which set the same columns.
 *
 * <p>A batch becomes more than one where its rows set different columns, or where a statement
 * cannot take them all. As the keys of a batch are distinct, their order does not matter; that they
 * run in one transaction does.
 */
public final class SqlStatement {

  /** Takes the parameters of a statement, in order. */
  @FunctionalInterface
  public interface Parameters<E extends Exception> {

    /**
     * Binds a value.
     *
     * @param index the parameter, from 0
     * @throws IllegalArgumentException if the driver cannot take the value's type
     */
    void bind(int index, @Nullable Object value) throws E;
  }

  private final SqlDialect dialect;
  private final SqlTable table;
  private final int[] positions;
  private final List<Request> rows;
  private final String sql;

  private SqlStatement(
      SqlDialect dialect, SqlTable table, int[] positions, List<Request> rows, String sql) {
    this.dialect = dialect;
    this.table = table;
    this.positions = positions;
    this.rows = rows;
    this.sql = sql;
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
    List<SqlStatement> statements = new ArrayList<>();
    byColumnsSet(batch)
        .forEach(
            (set, rows) -> add(statements, dialect, table, set.stream().toArray(), rows, size));
    return statements;
  }

  private static Map<BitSet, List<Request>> byColumnsSet(Batch batch) {
    int columns = batch.schema().columns().size();
    Map<BitSet, List<Request>> groups = new LinkedHashMap<>();
    BitSet set = new BitSet(columns);
    for (Request row : batch.requests()) {
      set.clear();
      for (int position = 0; position < columns; position++) {
        set.set(position, row.isSet(position));
      }
      List<Request> group = groups.get(set);
      if (group == null) {
        group = new ArrayList<>();
        groups.put((BitSet) set.clone(), group);
      }
      group.add(row);
    }
    return groups;
  }

  private static void add(
      List<SqlStatement> statements,
      SqlDialect dialect,
      SqlTable table,
      int[] positions,
      List<Request> rows,
      IntUnaryOperator size) {
    if (positions.length == 0) {
      throw new SqlWriteException(
          FailureKind.DATA,
          table.schema(),
          "a row sets no column",
          "Set at least one, to null if that is meant",
          null);
    }
    List<SqlColumn> present = new ArrayList<>();
    for (int position : positions) {
      present.add(table.column(position));
    }
    int most = dialect.maxRows(table, present);
    String sql = "";
    int previous = 0;
    for (int from = 0; from < rows.size(); from += previous) {
      int count = size.applyAsInt(Math.min(most, rows.size() - from));
      if (count != previous) {
        sql = dialect.insert(table, present, count);
        previous = count;
      }
      statements.add(
          new SqlStatement(dialect, table, positions, rows.subList(from, from + count), sql));
    }
  }

  /** Returns the text, with a {@code ?} for each value. */
  public String sql() {
    return sql;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows.size();
  }

  /**
   * Binds every value, row by row.
   *
   * @throws SqlWriteException if a value's type cannot be stored
   */
  public <E extends Exception> void bindTo(Parameters<E> parameters) throws E {
    int index = 0;
    for (Request row : rows) {
      for (int position : positions) {
        bind(parameters, index++, position, row.value(position));
      }
    }
  }

  private <E extends Exception> void bind(
      Parameters<E> parameters, int index, int position, @Nullable Object value) throws E {
    if (value == null) {
      parameters.bind(index, null);
      return;
    }
    Object encoded = dialect.encode(value);
    if (encoded == null) {
      throw unsupported(position, value, null);
    }
    try {
      parameters.bind(index, encoded);
    } catch (IllegalArgumentException refused) {
      throw unsupported(position, value, refused);
    }
  }

  private SqlWriteException unsupported(
      int position, Object value, @Nullable IllegalArgumentException cause) {
    return new SqlWriteException(
        FailureKind.DATA,
        table.schema(),
        "column '"
            + table.schema().columns().get(position)
            + "' got a "
            + value.getClass().getName()
            + ", which cannot be stored in "
            + dialect.product(),
        "Convert it before it is set",
        cause);
  }
}
