package io.batchflow.tuning;

/** Looks for the size of batches of which the fixed cost is a small part. Not thread-safe. */
final class SizeSearch {

  /** The rows of a batch take so many times as long as what is fixed. */
  private static final double ROWS_TO_FIXED = 10;

  private static final double MOST_GROWTH = 8;
  private static final double MOST_SHRINKAGE = 0.25;
  private static final double BACK_OFF = 0.7;

  /** A size that is larger by less than this is as good. */
  private static final double TOO_LARGE = 1.2;

  private final Tuning tuning;
  private int size;

  /** The rows that the flow has room for. */
  private long room = Long.MAX_VALUE;

  SizeSearch(Tuning tuning, int size) {
    this.tuning = tuning;
    this.size = size;
  }

  int size() {
    return size;
  }

  /** Sets the rows that the flow has room for. */
  void room(long rows, int slots) {
    room = rows;
    moveTo(size, slots);
  }

  /** Takes a size, or the next one within the bounds. */
  void moveTo(double rows, int slots) {
    size = bounded(rows, slots);
  }

  /** Returns the next size within the bounds. One batch more than the slots has room. */
  int bounded(double rows, int slots) {
    long most = Math.max(1, Math.min(tuning.maxRows(), room / (slots + 1)));
    return (int) Math.min(most, Math.max(tuning.minRows(), Math.round(rows)));
  }

  void cut(int slots) {
    moveTo(BACK_OFF * size, slots);
  }

  /** A period has ended. The size grows only if batches were full. */
  void next(CostModel costs, Period period, int slots) {
    double next = size;
    if (costs.isKnown()) {
      double target = bounded(target(costs), slots);
      if (target > size && period.isLimited()) {
        next = Math.min(target, MOST_GROWTH * size);
      } else if (TOO_LARGE * target < size
          && period.largest() > target
          && (costs.fixed() > 0 || isSlow(costs))) {
        next = Math.max(target, MOST_SHRINKAGE * size);
      }
    }
    moveTo(next, slots);
  }

  /** Whether batches take longer than they may. */
  private boolean isSlow(CostModel costs) {
    return costs.predict(size) > TOO_LARGE * tuning.latencyTarget().toNanos();
  }

  /**
   * Returns the best size. Smaller ones than those of which half is fixed cost are hardly faster.
   */
  private double target(CostModel costs) {
    double fixed = costs.fixed();
    double perRow = costs.perRow();
    if (perRow == 0) {
      return tuning.maxRows();
    }
    double cheap = ROWS_TO_FIXED * fixed / perRow;
    double quick = (tuning.latencyTarget().toNanos() - fixed) / perRow;
    return Math.min(cheap, Math.max(quick, fixed / perRow));
  }
}
