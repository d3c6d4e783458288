package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.Row;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows that one statement carries. They set the same columns. Immutable. */
final class StatementRows {

  private final Batch batch;
  private final int[] positions;
  private final List<Row> rows;
  private final List<Integer> indexes;

  /**
   * @param positions the positions in the schema of the columns that the rows set
   * @param indexes the position of each row in the batch; empty if no verdicts are asked for
   */
  StatementRows(Batch batch, int[] positions, List<Row> rows, List<Integer> indexes) {
    this.batch = batch;
    this.positions = positions;
    this.rows = rows;
    this.indexes = indexes;
  }

  /** Returns whether the rows delete their keys. */
  boolean delete() {
    return rows.get(0).isDelete();
  }

  int size() {
    return rows.size();
  }

  /** Returns whether the rows are all rows of a batch of one. */
  boolean areAlone() {
    return batch.size() == 1;
  }

  Row row(int row) {
    return rows.get(row);
  }

  /** Returns the number of columns that the rows set. */
  int width() {
    return positions.length;
  }

  /** Returns the position in the schema of a column that the rows set. */
  int position(int column) {
    return positions[column];
  }

  List<SqlColumn> columns(SqlTable table) {
    return IntStream.of(positions).mapToObj(table::column).toList();
  }

  @Nullable Object value(int row, int column) {
    return rows.get(row).value(positions[column]);
  }

  /** Returns the position of a row in the batch, -1 for a row that the statement does not have. */
  int indexInBatch(int row) {
    return row >= 0 && row < rows.size() ? batch.rows().indexOf(rows.get(row)) : -1;
  }

  /** Returns the position of a row in a batch for which verdicts are asked. */
  int indexForVerdict(int row) {
    return indexes.get(row);
  }
}
