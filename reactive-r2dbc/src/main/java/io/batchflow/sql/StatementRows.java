package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows that one statement carries. They set the same columns. Immutable. */
final class StatementRows {

  private final Batch batch;
  private final int[] positions;
  private final List<Row> rows;
  private final List<Integer> indexes;

  /** The rows, from 1, whose keys are there; null if that was not asked. */
  private final @Nullable Set<Integer> there;

  /**
   * @param positions the positions in the schema of the columns that the rows set
   * @param indexes the position of each row in the batch; empty if no verdicts are asked for
   */
  StatementRows(Batch batch, int[] positions, List<Row> rows, List<Integer> indexes) {
    this(batch, positions, rows, indexes, null);
  }

  private StatementRows(
      Batch batch,
      int[] positions,
      List<Row> rows,
      List<Integer> indexes,
      @Nullable Set<Integer> there) {
    this.batch = batch;
    this.positions = positions;
    this.rows = rows;
    this.indexes = indexes;
    this.there = there;
  }

  /** Returns the rows with null in the key of every other row. */
  StatementRows onlyFor(Set<Integer> numbers) {
    return new StatementRows(batch, positions, rows, indexes, numbers);
  }

  /** Returns whether the rows delete their keys. */
  boolean delete() {
    return rows.get(0).isDelete();
  }

  int size() {
    return rows.size();
  }

  /** Returns the columns whose stored values are asked for. */
  List<SqlColumn> askedFor(SqlTable table) {
    return table.named(batch.returning());
  }

  /** Returns whether the rows are all rows of a batch of one. */
  boolean areAlone() {
    return batch.size() == 1;
  }

  /** Returns the number of columns that the rows set. */
  int width() {
    return positions.length;
  }

  /** Returns the position in the schema of a column that the rows set. */
  int position(int column) {
    return positions[column];
  }

  /** Returns the column that the rows set at a position of the schema. */
  int columnAt(int position) {
    return Arrays.binarySearch(positions, position);
  }

  List<SqlColumn> columns(SqlTable table) {
    return IntStream.of(positions).mapToObj(table::column).toList();
  }

  @Nullable Object value(int row, int column) {
    int position = positions[column];
    boolean absent = there != null && !there.contains(row + 1);
    return absent && isOfKey(position) ? null : rows.get(row).value(position);
  }

  /** Returns whether a column belongs to the conflict key. */
  boolean isOfKey(int position) {
    return batch.schema().conflictKey().contains(batch.schema().columns().get(position));
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
