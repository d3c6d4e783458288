package io.batchflow.tuning;

/**
 * What a batch of n rows costs, as a fixed time and a time for each row: a fit by least squares of
 * relative errors, which forgets. Not thread-safe.
 */
final class CostModel {

  /** What the end of a period leaves of the weight of earlier batches. */
  private static final double MEMORY = 0.5;

  private static final double MEMORY_OF_ANOTHER_SERVER = 0.05;

  /** The least deviation of the sizes, relative to their mean, that tells a slope. */
  private static final double LEAST_SPREAD = 0.04;

  /** The least sum of its squares: few batches must differ more. */
  private static final double LEAST_SUM = 0.5;

  /** How much an observation may differ from the fit; more is taken for a pause of a machine. */
  private static final double LARGEST_STEP = 4;

  /** The weight of an imported fit, in batches. */
  private static final int IMPORTED = 8;

  private double batches;
  private double weight;
  private double rows;
  private double rowsSquared;
  private double nanos;
  private double rowsByNanos;

  private double fixed;
  private double perRow;
  private boolean known;

  /** The largest size that was seen. */
  private int largest;

  /** Starts with a fit from elsewhere, as if a few batches of about this size had been seen. */
  void start(double fixedNanos, double nanosPerRow, int size) {
    fixed = fixedNanos;
    perRow = nanosPerRow;
    known = true;
    for (int i = 0; i < IMPORTED; i++) {
      int about = i % 2 == 0 ? size : Math.max(1, size / 4);
      add(about, predict(about));
    }
  }

  void add(int size, double took) {
    double bounded = took;
    double expected = Math.max(1, took);
    if (known) {
      expected = Math.max(1, predict(size));
      bounded = Math.min(LARGEST_STEP * expected, Math.max(took, expected / LARGEST_STEP));
    }
    double w = 1 / (expected * expected);
    largest = Math.max(largest, size);
    batches++;
    weight += w;
    rows += w * size;
    rowsSquared += w * size * size;
    nanos += w * bounded;
    rowsByNanos += w * size * bounded;
  }

  /** Fits what was added, and lets it count less from now on. */
  void fit() {
    if (weight == 0) {
      return;
    }
    double meanRows = rows / weight;
    double meanNanos = nanos / weight;
    if (isSpread()) {
      double slope = (weight * rowsByNanos - rows * nanos) / (weight * rowsSquared - rows * rows);
      perRow = Math.max(0, slope);
      fixed = meanNanos - perRow * meanRows;
      if (fixed < 0) {
        fixed = 0;
        perRow = rowsByNanos / rowsSquared;
      }
      known = true;
    } else if (known && predict(meanRows) > 0) {
      scale(meanNanos / predict(meanRows));
    }
    forget(MEMORY);
  }

  /** Batches take so many times as long from now on. */
  void slowedBy(double times) {
    nanos *= times;
    rowsByNanos *= times;
    scale(times);
  }

  /** The server has changed, so that batches take so many times as long: the past hardly counts. */
  void restart(double times) {
    slowedBy(times);
    forget(MEMORY_OF_ANOTHER_SERVER);
  }

  /** Returns a model with the same fit that has seen nothing. */
  CostModel fork() {
    CostModel fork = new CostModel();
    fork.fixed = fixed;
    fork.perRow = perRow;
    fork.known = known;
    return fork;
  }

  /** Adds what another has seen. */
  void merge(CostModel other) {
    largest = Math.max(largest, other.largest);
    batches += other.batches;
    weight += other.weight;
    rows += other.rows;
    rowsSquared += other.rowsSquared;
    nanos += other.nanos;
    rowsByNanos += other.rowsByNanos;
  }

  private void scale(double times) {
    fixed *= times;
    perRow *= times;
  }

  private void forget(double part) {
    batches *= part;
    weight *= part;
    rows *= part;
    rowsSquared *= part;
    nanos *= part;
    rowsByNanos *= part;
  }

  /** Whether batches of different sizes were seen lately, so that the slope can be told. */
  boolean isSpread() {
    if (weight == 0) {
      return false;
    }
    double mean = rows / weight;
    double variance = rowsSquared / weight - mean * mean;
    double relative = variance / (mean * mean);
    return relative > LEAST_SPREAD * LEAST_SPREAD && relative * batches > LEAST_SUM;
  }

  boolean isKnown() {
    return known;
  }

  double predict(double size) {
    return fixed + perRow * size;
  }

  int largest() {
    return largest;
  }

  double fixed() {
    return fixed;
  }

  double perRow() {
    return perRow;
  }
}
