package io.batchflow.sql;

import io.batchflow.BadRowException;
import io.batchflow.FailureKind;
import io.batchflow.sql.SqlStatement.Parameters;
import java.util.AbstractList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Encodes the values of a statement's rows and binds them to its parameters. */
final class SqlBinding {

  private final SqlDialect dialect;
  private final SqlTable table;
  private final StatementRows rows;

  /** Whether keys are compared with stored ones, as a query does. */
  private final boolean comparesKeys;

  SqlBinding(SqlDialect dialect, SqlTable table, StatementRows rows) {
    this(dialect, table, rows, table.schema().isUpdateOnly());
  }

  private SqlBinding(SqlDialect dialect, SqlTable table, StatementRows rows, boolean comparesKeys) {
    this.dialect = dialect;
    this.table = table;
    this.rows = rows;
    this.comparesKeys = comparesKeys;
  }

  /** Binds the conflict keys, row by row or column by column, as the dialect wants them. */
  <E extends Exception> void bindKeysTo(Parameters<E> parameters) throws E {
    int[] key =
        table.schema().conflictKey().stream()
            .mapToInt(column -> rows.columnAt(table.schema().position(column)))
            .toArray();
    new SqlBinding(dialect, table, rows, true).bindTo(parameters, key);
  }

  /** Binds all values, row by row or column by column, as the dialect wants them. */
  <E extends Exception> void bindTo(Parameters<E> parameters) throws E {
    bindTo(parameters, IntStream.range(0, rows.width()).toArray());
  }

  private <E extends Exception> void bindTo(Parameters<E> parameters, int[] columns) throws E {
    if (dialect.columnWise()) {
      bindColumns(parameters, columns);
      return;
    }
    int index = 0;
    for (int row = 0; row < rows.size(); row++) {
      try {
        for (int column : columns) {
          bind(parameters, index++, rows.position(column), rows.value(row, column));
        }
      } catch (SqlWriteException rejected) {
        throw named(row, rejected);
      }
    }
  }

  private <E extends Exception> void bindColumns(Parameters<E> parameters, int[] columns) throws E {
    for (int index = 0; index < columns.length; index++) {
      Object values = parameter(columns[index]);
      try {
        parameters.bind(index, values);
      } catch (IllegalArgumentException rejected) {
        throw unsupported(rows.position(columns[index]), "a value", rejected);
      }
    }
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

  /** Any failure here, even a StackOverflowError, is caused by the value. */
  private Object encoded(int position, Object value) {
    Object encoded;
    try {
      SqlColumn column = table.column(position);
      encoded =
          isCompared(position) ? dialect.encodeKey(column, value) : dialect.encode(column, value);
    } catch (RuntimeException | StackOverflowError rejected) {
      throw unsupported(position, typeOf(value), rejected);
    }
    if (encoded == null) {
      throw unsupported(position, typeOf(value), null);
    }
    return encoded;
  }

  /** Returns whether the database compares a value with stored ones instead of storing it. */
  private boolean isCompared(int position) {
    return rows.delete() || (comparesKeys && rows.isOfKey(position));
  }

  /** Returns the parameter that holds the values of a column. */
  Object parameter(int column) {
    int position = rows.position(column);
    List<@Nullable Object> values = valuesOf(column);
    try {
      return dialect.encodeColumn(table.column(position), values);
    } catch (RuntimeException | StackOverflowError rejected) {
      int row = firstRejected(position, values);
      Object value = row < 0 ? null : values.get(row);
      // The dialect explains a rejection by an IllegalArgumentException, and by no subclass of it.
      boolean explained = rejected.getClass() == IllegalArgumentException.class;
      String what = explained ? rejected.getMessage() : typeOf(value);
      throw named(row, unsupported(position, what, rejected));
    }
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

  private List<@Nullable Object> valuesOf(int column) {
    return new AbstractList<>() {
      @Override
      public @Nullable Object get(int row) {
        return rows.value(row, column);
      }

      @Override
      public int size() {
        return rows.size();
      }
    };
  }

  /** Names the row that failed, unless it is the only row of its batch. */
  private RuntimeException named(int row, SqlWriteException rejected) {
    return rows.areAlone() ? rejected : new BadRowException(rows.indexInBatch(row), rejected);
  }

  private static String typeOf(@Nullable Object value) {
    return value == null ? "a value" : "a " + value.getClass().getTypeName();
  }

  private SqlWriteException unsupported(
      int position, @Nullable String what, @Nullable Throwable cause) {
    return new SqlWriteException(
        FailureKind.INVALID,
        table.schema(),
        "column '"
            + table.schema().columns().get(position)
            + "' got "
            + what
            + (isCompared(position)
                ? ", which cannot be compared with a " + table.column(position).type() + " in "
                : ", which cannot be stored in ")
            + dialect.product(),
        isCompared(position)
            ? "Set a value of the type of the column"
            : "Convert it before it is set",
        cause);
  }
}
