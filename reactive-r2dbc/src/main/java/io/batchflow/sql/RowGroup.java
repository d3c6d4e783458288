package io.batchflow.sql;

import io.batchflow.Batch;
import io.batchflow.FailureKind;
import io.batchflow.Request;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a batch that one statement can carry: they set the same columns, and no two of them have
 * the same key.
 */
final class RowGroup {

  /** What must be equal for rows to share a statement. */
  private record Likeness(BitSet columns, int turn) {}

  final int[] positions;
  final List<Request> rows = new ArrayList<>();

  /** Where each row stands in the batch. */
  final List<Integer> indexes = new ArrayList<>();

  private RowGroup(int[] positions) {
    this.positions = positions;
  }

  /** Returns the groups in the order of their first rows. */
  static Collection<RowGroup> of(Batch batch) {
    int columns = batch.schema().columns().size();
    boolean keysRepeat = batch.schema().conflictWhere() != null;
    Map<List<@Nullable Object>, Integer> turns = new HashMap<>();
    Map<Likeness, RowGroup> groups = new LinkedHashMap<>();
    BitSet set = new BitSet(columns);
    for (int i = 0; i < batch.size(); i++) {
      Request row = batch.requests().get(i);
      set.clear();
      for (int position = 0; position < columns; position++) {
        set.set(position, row.isSet(position));
      }
      // A row whose key came before must not meet that row in its own statement.
      int turn = keysRepeat ? turns.merge(keyOf(row), 1, Integer::sum) : 0;
      Likeness likeness = new Likeness(set, turn);
      RowGroup group = groups.get(likeness);
      if (group == null) {
        group = new RowGroup(set.stream().toArray());
        checkNotEmpty(group, batch);
        groups.put(new Likeness((BitSet) set.clone(), turn), group);
      }
      group.rows.add(row);
      group.indexes.add(i);
    }
    return groups.values();
  }

  private static List<@Nullable Object> keyOf(Request row) {
    List<@Nullable Object> key = new ArrayList<>();
    for (String column : row.schema().conflictKey()) {
      key.add(row.value(column));
    }
    return key;
  }

  private static void checkNotEmpty(RowGroup group, Batch batch) {
    if (group.positions.length == 0) {
      throw new SqlWriteException(
          FailureKind.DATA,
          batch.schema(),
          "a row sets no column",
          "Set at least one, to null if that is meant",
          null);
    }
  }
}
