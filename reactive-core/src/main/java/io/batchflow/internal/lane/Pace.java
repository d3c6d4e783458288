package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import java.util.concurrent.TimeUnit;

/**
 * Decides when rows of a lane leave although they do not fill a batch. They leave at once while
 * nothing of the lane is in flight, unless the lane is busy and its writes are short.
 *
 * <p>A lane is busy if rows keep coming while its batches are written. Its next batch is held until
 * about a millisecond has passed since the last one left, because many small batches cost more
 * processor time. Holding is in vain if rows come only right after a batch has returned, as from
 * callers who submit again when their row is written. Then the next batches are not held. Only the
 * drain uses it.
 */
final class Pace {

  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(1);

  /** What each row of the last batch adds, since a large batch takes longer anyway. */
  private static final long PER_ROW = TimeUnit.MICROSECONDS.toNanos(10);

  private static final long LONGEST = TimeUnit.MICROSECONDS.toNanos(2_500);

  /** A lane is busy if so many rows, on average, wait when a batch returns. */
  private static final double BUSY = 1;

  /** The weight of one return in the average. */
  private static final double WEIGHT = 1.0 / 8;

  /** The most rows that count in a return, so that one burst does not make a lane busy. */
  private static final int COUNTED = 4;

  /** The most batches that are not held after one was held in vain. */
  private static final int MOST_SKIPPED = 127;

  private long maxDelay;
  private long longest;
  private boolean lingers;

  private int inFlight;
  private double waiting;
  private boolean held;
  private long heldSince;
  private long heldUntil;

  /** The batches that are not held after one was held in vain. */
  private int skips;

  /** Those of them that are still to come. */
  private int toSkip;

  Pace(BatchPolicy policy) {
    this.maxDelay = policy.maxDelay().toNanos();
    this.longest = Math.min(maxDelay / 4, LONGEST);
    this.lingers = policy.lingerWhenIdle();
  }

  /** Takes another policy. */
  void retune(BatchPolicy policy) {
    maxDelay = policy.maxDelay().toNanos();
    longest = Math.min(maxDelay / 4, LONGEST);
    lingers = policy.lingerWhenIdle();
  }

  /** Whether rows leave now. */
  boolean letsRowsLeave(long now) {
    return inFlight == 0 && !lingers && !holds(now);
  }

  private boolean holds(long now) {
    return held && now - heldUntil < 0;
  }

  /** Returns when rows leave if no batch returns and none is filled until then. */
  long rowsLeaveAt(long oldest) {
    long overdue = oldest + maxDelay;
    return inFlight == 0 && !lingers ? Math.min(overdue, heldUntil) : overdue;
  }

  /**
   * A batch leaves.
   *
   * @param newest when the newest of its rows was submitted
   */
  void left(int rows, long newest, long now) {
    if (held && !holds(now)) {
      boolean inVain = newest - heldSince < (heldUntil - heldSince) / 2;
      skips = inVain ? Math.min(MOST_SKIPPED, 2 * skips + 1) : 0;
      toSkip = skips;
    }
    inFlight++;
    held = false;
    heldUntil = now + Math.min(longest, INTERVAL + rows * PER_ROW);
  }

  /**
   * A batch has returned.
   *
   * @param rows the number of rows that wait
   */
  void returned(int rows, long now) {
    inFlight--;
    waiting += (Math.min(rows, COUNTED) - waiting) * WEIGHT;
    if (waiting < BUSY || now - heldUntil >= 0) {
      return;
    }
    if (toSkip > 0) {
      toSkip--;
      return;
    }
    held = true;
    heldSince = now;
  }
}
