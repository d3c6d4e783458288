package io.batchflow.benchmarks;

import io.batchflow.Request;
import io.batchflow.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One producer's rows, made once and submitted over and over, and how far it may run ahead of its
 * outcomes.
 */
final class Rows {

  private static final int CHECK_EVERY = 64;

  private final Request[] ring;
  private final long ahead;
  private final AtomicLong done;
  private long submitted;

  /**
   * @param tables the tables that the rows are for
   * @param run how many rows of one table come after another
   * @param ahead the most rows without an outcome
   */
  Rows(List<Schema> tables, int run, long ahead, AtomicLong done) {
    this.ahead = ahead;
    this.done = done;
    List<Request> rows = new ArrayList<>();
    for (Schema table : tables) {
      for (int i = 0; i < run; i++) {
        rows.add(row(table, i));
      }
    }
    this.ring = rows.toArray(new Request[0]);
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

  static Request row(Schema table, long id) {
    return table
        .request()
        .set(0, id)
        .set(1, 7)
        .set(2, "click")
        .set(3, 1.5)
        .set(4, "2026-01-31T12:00:00Z");
  }

  /** Returns the next row, once this producer is not too far ahead. */
  Request next() {
    if (submitted % CHECK_EVERY == 0) {
      while (submitted - done.get() > ahead) {
        LockSupport.parkNanos(20_000);
      }
    }
    return ring[(int) (submitted++ % ring.length)];
  }
}
