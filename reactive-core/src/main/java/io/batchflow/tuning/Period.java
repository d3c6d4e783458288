package io.batchflow.tuning;

/** What happened in a period. Not thread-safe. */
final class Period {

  private static final double BUSY = 0.8;
  private static final double FULL = 0.9;
  private static final double MOSTLY = 0.25;

  /** The part of all batches that may fail because of others. */
  private static final double TROUBLED = 0.01;

  private static final int LEAST_TROUBLES = 2;

  private long begun;
  private int batches;
  private double rows;
  private double busyNanos;
  private int largest;
  private int sealed;
  private int full;
  private int troubles;

  void begin(long now) {
    begun = now;
    batches = 0;
    rows = 0;
    busyNanos = 0;
    largest = 0;
    sealed = 0;
    full = 0;
    troubles = 0;
  }

  void wrote(int size, long nanos) {
    batches++;
    rows += size;
    busyNanos += nanos;
    largest = Math.max(largest, size);
  }

  void sealed(int size, int limit) {
    sealed++;
    if (size >= FULL * limit) {
      full++;
    }
  }

  /** Counts a failure that may be the sign of an overload. Returns whether there are too many. */
  boolean troubled() {
    troubles++;
    return troubles >= LEAST_TROUBLES && troubles > TROUBLED * batches;
  }

  int batches() {
    return batches;
  }

  /** Returns the most rows of a batch. */
  int largest() {
    return largest;
  }

  /** Whether the limit of the size was reached often. */
  boolean isLimited() {
    return full > 0 && full >= MOSTLY * sealed;
  }

  /** Whether nearly all slots were taken nearly all the time. */
  boolean isBusy(int slots, long now) {
    return busyNanos >= BUSY * slots * Math.max(1, now - begun);
  }

  /** Returns the work done in a unit of time, by what batches and rows cost. */
  double work(double fixed, double perRow, long now) {
    return (fixed * batches + perRow * rows) / Math.max(1, now - begun);
  }

  /** Returns how many times as long batches took as expected. */
  double slower(CostModel expected) {
    return busyNanos / Math.max(1, expected.fixed() * batches + expected.perRow() * rows);
  }

  double meanRows() {
    return batches == 0 ? 0 : rows / batches;
  }
}
