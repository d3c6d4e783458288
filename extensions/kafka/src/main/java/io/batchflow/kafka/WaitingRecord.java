package io.batchflow.kafka;

import io.batchflow.Row;
import io.batchflow.unit.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that waits until it is its turn.
 *
 * @param rows its rows; none if it needs none, or cannot be stored
 * @param reason why it cannot be stored; null if it can, or is kept as a dead letter already
 * @param end how it ends when its offset is stored
 */
record WaitingRecord(
    OffsetRecord record, List<Row> rows, @Nullable Throwable reason, RecordEnd end) {

  /** One row of a unit is that of the offset. */
  static final int MOST_ROWS = Unit.MAX_ROWS - 1;

  static WaitingRecord of(OffsetRecord record, RecordMapping<?, ?> mapping) {
    try {
      Row row = mapping.fresh(record.record());
      List<Row> rows = row == null ? List.of() : Unit.rows(row.tag(record));
      if (rows.size() > MOST_ROWS) {
        throw new IllegalArgumentException("A record has more than " + MOST_ROWS + " rows");
      }
      return new WaitingRecord(record, rows, null, RecordEnd.STORED);
    } catch (RuntimeException failure) {
      return new WaitingRecord(record, List.of(), failure, RecordEnd.OPEN);
    }
  }

  WaitingRecord rejected(Throwable reason) {
    return new WaitingRecord(record, List.of(), reason, RecordEnd.OPEN);
  }

  WaitingRecord kept() {
    return new WaitingRecord(record, List.of(), null, RecordEnd.KEPT);
  }
}
