package io.batchflow.internal.submit;

import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.unit.Unit;
import java.util.List;

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

  /** Makes units of rows. */
  RowSource<List<? extends Row>> UNITS =
      new RowSource<>() {
        @Override
        public Row row(List<? extends Row> value) {
          return Unit.SCHEMA.row();
        }

        @Override
        public void fill(List<? extends Row> value, Row row) {
          row.set(0, Unit.of(value).value(0));
        }
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
