package io.batchflow.micrometer;

import io.batchflow.stats.TableStats;
import java.time.Instant;

/**
 * What the tables of one tag value are like now.
 *
 * @param paused whether one of them is paused
 * @param maxSize the rows of a full batch, of the table where these are most
 * @param lastWrite the latest write, in seconds since 1970; NaN if there was none
 */
record TableState(boolean paused, int maxSize, double lastWrite) {

  static final TableState NONE = new TableState(false, 0, Double.NaN);

  static TableState of(TableStats table) {
    Instant last = table.lastWrite();
    double seconds = last == null ? Double.NaN : last.toEpochMilli() / 1000.0;
    return new TableState(table.paused(), table.policy().maxSize(), seconds);
  }

  TableState plus(TableState other) {
    return new TableState(
        paused || other.paused,
        Math.max(maxSize, other.maxSize),
        later(lastWrite, other.lastWrite));
  }

  /** Returns what remains if the flow no longer remembers the tables. */
  TableState remembered() {
    return new TableState(false, 0, lastWrite);
  }

  private static double later(double one, double other) {
    return Double.isNaN(one) || one < other ? other : one;
  }
}
