package io.batchflow.kafka.connect;

import io.batchflow.Row;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Turns records into rows, and changes their tables if that is allowed. */
final class RecordMapping {

  private final Database database;
  private final RecordRows rows;

  RecordMapping(Database database, RecordRows rows) {
    this.database = database;
    this.rows = rows;
  }

  /** Returns the row of a record; null if its table is not known yet, or if it does not fit. */
  @Nullable Row known(SinkRecord record) {
    TargetTable table = database.known(record);
    try {
      return table == null ? null : rows.row(record, table);
    } catch (RuntimeException lacking) {
      return null; // row() tells it
    }
  }

  /**
   * Returns the row of a record.
   *
   * @param earlier ends when all earlier rows have ended. Used if the table is changed
   * @return fails with a {@link TableException}, or with another exception if the record is the
   *     reason
   */
  Mono<Row> row(SinkRecord record, Mono<Void> earlier) {
    return database.table(record).flatMap(table -> row(record, table, earlier));
  }

  private Mono<Row> row(SinkRecord record, TargetTable table, Mono<Void> earlier) {
    return Mono.fromCallable(() -> rows.row(record, table))
        .onErrorResume(
            UnknownColumnException.class,
            missing ->
                database
                    .widened(record, earlier, missing)
                    .flatMap(changed -> row(record, changed, earlier)))
        .onErrorResume(
            NarrowColumnException.class,
            narrow ->
                database
                    .widened(record, earlier, narrow)
                    .flatMap(changed -> row(record, changed, earlier)));
  }
}
