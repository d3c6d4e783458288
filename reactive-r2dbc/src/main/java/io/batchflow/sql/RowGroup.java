package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a batch that one statement can carry, as they set the same columns. If rows of the batch
 * may have the same key, the rows of a group are consecutive.
 */
final class RowGroup {

  final int[] positions;
  final List<Row> rows;

  /** The position of each row in the batch; empty if nothing is asked for single rows. */
  private final List<Integer> indexes = new ArrayList<>();

  /** Whether the rows delete their keys. */
  final boolean delete;

  private final boolean[] present;

  /** The keys of the rows; empty if keys may repeat. */
  private final Set<List<@Nullable Object>> keys = new HashSet<>();

  private RowGroup(Row like, int mostRows) {
    this.rows = new ArrayList<>(mostRows);
    this.delete = like.isDelete();
    this.present = new boolean[like.schema().columns().size()];
    for (int position = 0; position < present.length; position++) {
      present[position] = like.isSet(position);
    }
    this.positions = IntStream.range(0, present.length).filter(i -> present[i]).toArray();
    if (positions.length == 0) {
      throw new SqlWriteException(
          FailureKind.INVALID,
          like.schema(),
          "a row sets no column",
          "Set at least one column, to null if need be",
          null);
    }
  }

  /**
   * Returns the groups in the order in which they are written.
   *
   * @param distinct whether no two rows can be the same row of the table, except for a delete and a
   *     row that is stored after it. Then the deletes come first
   * @param apart whether the rows of a group must have different values in their keys
   */
  static List<RowGroup> of(Batch batch, boolean distinct, boolean apart) {
    boolean keepsOrder =
        !distinct
            || (batch.schema().onConflict() == ConflictStrategy.IGNORE
                && batch.schema().conflictKey().isEmpty());
    boolean asked =
        batch.rowVerdicts() || !batch.returning().isEmpty() || batch.schema().isUpdateOnly();
    List<RowGroup> groups = new ArrayList<>();
    int i = 0;
    for (Row row : batch.rows()) {
      int from = keepsOrder ? Math.max(0, groups.size() - 1) : 0;
      RowGroup group = find(groups, from, row);
      if (group == null || (apart && !group.keys.add(keyOf(row)))) {
        group = new RowGroup(row, batch.size() - i);
        groups.add(group.delete && distinct ? 0 : groups.size(), group);
        if (apart) {
          group.keys.add(keyOf(row));
        }
      }
      group.rows.add(row);
      if (asked) {
        group.indexes.add(i);
      }
      i++;
    }
    return groups;
  }

  private static @Nullable RowGroup find(List<RowGroup> groups, int from, Row row) {
    for (int i = from; i < groups.size(); i++) {
      RowGroup group = groups.get(i);
      if (group.takes(row)) {
        return group;
      }
    }
    return null;
  }

  /** Returns some consecutive rows, for one statement. */
  StatementRows slice(Batch batch, int from, int to) {
    return new StatementRows(batch, positions, part(rows, from, to), part(indexes, from, to));
  }

  /** Returns a part of a list; a list that is whole or empty itself, as that is read faster. */
  private static <E> List<E> part(List<E> list, int from, int to) {
    return list.isEmpty() || to - from == list.size() ? list : list.subList(from, to);
  }

  /**
   * Returns how many rows have values of the same Java types, and decimals of the same scale. An
   * update joins a table of values, and databases convert the values of each of its columns to one
   * type.
   *
   * @param from the first of the rows
   */
  int alike(int from, int atMost) {
    Object[] types = new Object[positions.length];
    for (int count = 0; count < atMost; count++) {
      for (int column = 0; column < types.length; column++) {
        Object value = rows.get(from + count).value(positions[column]);
        Object type = value == null ? types[column] : type(value);
        if (types[column] != null && !types[column].equals(type)) {
          return count;
        }
        types[column] = type;
      }
    }
    return atMost;
  }

  private static Object type(Object value) {
    return value instanceof BigDecimal decimal ? decimal.scale() : value.getClass();
  }

  private boolean takes(Row row) {
    boolean complete = positions.length == present.length;
    return row.isDelete() == delete && (complete ? row.isComplete() : setsTheSame(row));
  }

  private boolean setsTheSame(Row row) {
    for (int position = 0; position < present.length; position++) {
      if (row.isSet(position) != present[position]) {
        return false;
      }
    }
    return true;
  }

  private static List<@Nullable Object> keyOf(Row row) {
    List<@Nullable Object> key = new ArrayList<>();
    for (String column : row.schema().conflictKey()) {
      key.add(row.value(column));
    }
    return key;
  }
}
