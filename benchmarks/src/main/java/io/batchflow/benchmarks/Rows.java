package io.batchflow.benchmarks;

import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The rows of one producer. They are created once and submitted repeatedly. The producer runs ahead
 * of its outcomes by a bounded number of rows.
 *
 * <p>Rows of one table come in runs as long as a batch, so batches are as full with many tables as
 * with one. The rows take the same memory in the same order, whatever the number of tables. So the
 * difference is the cost of the tables, not of cache misses.
 *
 * @param <R> the type that is submitted
 */
final class Rows<R> {

  /** The number of consecutive rows of one table. */
  static final int RUN = 1_000;

  /** One table, shared by all producers, as an application shares its schemas. */
  static final List<Schema> ONE_TABLE = tables(1);

  private static final int RUNS = 1_000;
  private static final int DISTINCT = 10;
  private static final int CHECK_EVERY = 64;

  private final List<R> ring = new ArrayList<>();
  private final long ahead;
  private final AtomicLong done;
  private long submitted;

  /**
   * @param tables the tables of the rows, in turn
   * @param ahead the maximum number of rows without an outcome
   * @param done counts the outcomes
   * @param submission converts a row to what is submitted
   */
  Rows(List<Schema> tables, long ahead, AtomicLong done, Function<Row, R> submission) {
    this.ahead = ahead;
    this.done = done;
    for (int run = 0; run < RUNS; run++) {
      Schema table = tables.get(run % tables.size());
      for (int i = 0; i < DISTINCT; i++) {
        ring.add(submission.apply(row(table, i)));
      }
    }
  }

  static List<Schema> tables(int count) {
    List<Schema> tables = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tables.add(
          Schema.table("events_" + i)
              .columns("id", "device_id", "kind", "value", "created_at")
              .build());
    }
    return tables;
  }

  private static Row row(Schema table, long id) {
    return table
        .row()
        .set(0, id)
        .set(1, 7)
        .set(2, "click")
        .set(3, 1.5)
        .set(4, "2026-01-31T12:00:00Z");
  }

  /** Returns the next row. Waits while this producer is too far ahead. */
  R next() {
    if (submitted % CHECK_EVERY == 0) {
      while (submitted - done.get() > ahead) {
        LockSupport.parkNanos(20_000);
      }
    }
    int run = (int) (submitted / RUN % RUNS);
    int row = (int) (submitted % DISTINCT);
    submitted++;
    return ring.get(run * DISTINCT + row);
  }
}
