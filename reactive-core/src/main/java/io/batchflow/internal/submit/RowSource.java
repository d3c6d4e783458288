package io.batchflow.internal.submit;

import io.batchflow.InvalidRowException;
import io.batchflow.Row;

/**
 * Makes rows of what callers submit.
 *
 * @param <T> what they submit
 */
public interface RowSource<T> {

  /** Takes rows as they are. */
  RowSource<Row> ROWS =
      new RowSource<>() {
        @Override
        public Row row(Row value) {
          return value;
        }

        @Override
        public void fill(Row value, Row row) {}
      };

  /** Returns the row of a value, still without its columns. */
  Row row(T value);

  /**
   * Sets the columns of a row.
   *
   * @throws InvalidRowException if the value cannot be mapped
   */
  void fill(T value, Row row);
}
