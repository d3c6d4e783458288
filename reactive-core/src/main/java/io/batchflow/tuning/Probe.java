package io.batchflow.tuning;

/** A few batches of another size, which tell what a row adds to the cost. Not thread-safe. */
final class Probe {

  /** The size differs by this factor. */
  static final int FACTOR = 4;

  private static final int LEAST_BATCHES = 8;

  /** The least part of a period that it takes. */
  private static final double LEAST_TIME = 1 / 16.0;

  /** How much the size of a batch may differ from the wanted one. */
  private static final double NEARLY = 0.1;

  private final long leastNanos;
  private int size;
  private int batches;
  private long since;

  Probe(Tuning tuning) {
    this.leastNanos = (long) (tuning.period().toNanos() * LEAST_TIME);
  }

  boolean isOn() {
    return size > 0;
  }

  int size() {
    return size;
  }

  void begin(int rows, long now) {
    size = rows;
    batches = 0;
    since = now;
  }

  /** Counts a batch that was sent. Returns whether the probe is over. */
  boolean sealed(int rows, int slots, long now) {
    if (!isOn() || Math.abs(rows - size) > NEARLY * size) {
      return false;
    }
    batches++;
    return batches >= LEAST_BATCHES + 2 * slots && now - since >= leastNanos;
  }

  void end() {
    size = 0;
  }
}
