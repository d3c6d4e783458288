package io.batchflow.table;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Turns objects into rows of one table.
 *
 * <p>Thread-safe. An exception costs only the object that it was thrown for: its outcome is {@link
 * io.batchflow.OutcomeStatus#INVALID}.
 *
 * @param <T> the type of the objects
 */
public interface RowMapper<T> {

  /** Returns the schema of the rows. Called once for each table of a flow. */
  Schema schema();

  /**
   * Sets the columns of a row. Called on the thread that submits the object, so it must not block.
   *
   * @param row a new row of the schema. A column that is not set stays {@linkplain Row unset}
   */
  void map(T value, Row row);

  /** Returns a mapper that sets columns by a function. */
  static <T> RowMapper<T> of(Schema schema, BiConsumer<? super T, ? super Row> columns) {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(columns, "columns");
    return new RowMapper<>() {
      @Override
      public Schema schema() {
        return schema;
      }

      @Override
      public void map(T value, Row row) {
        columns.accept(value, row);
      }
    };
  }
}
