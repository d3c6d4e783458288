package io.batchflow.quota;

import io.github.bucket4j.TimeMeter;
import org.jspecify.annotations.Nullable;

/** What one name may still submit by its quota. Thread-safe. */
final class Allowance {

  private final @Nullable Tokens rows;
  private final @Nullable Tokens bytes;
  private final TimeMeter time;
  private volatile long usedAt;

  Allowance(Quota quota, TimeMeter time) {
    this.rows = tokens(quota.rowsPerSecond(), quota, time);
    this.bytes = tokens(quota.bytesPerSecond(), quota, time);
    this.time = time;
    touch();
  }

  private static @Nullable Tokens tokens(long perSecond, Quota quota, TimeMeter time) {
    return perSecond == 0 ? null : new Tokens(perSecond, quota.burst(), time);
  }

  /** Keeps this for some time, so that a use which is about to happen is not forgotten. */
  void touch() {
    usedAt = time.currentTimeNanos();
  }

  /** Returns for how many nanoseconds somebody who came now would wait. */
  long waitFor(long rows, long bytes) {
    return Math.max(
        this.rows == null ? 0 : this.rows.waitFor(rows),
        this.bytes == null ? 0 : this.bytes.waitFor(bytes));
  }

  /** Takes what is there or will be. Returns for how many nanoseconds the taker must wait. */
  long take(long rows, long bytes) {
    return Math.max(
        this.rows == null ? 0 : this.rows.take(rows),
        this.bytes == null ? 0 : this.bytes.take(bytes));
  }

  void giveBack(long rows, long bytes) {
    if (this.rows != null) {
      this.rows.giveBack(rows);
    }
    if (this.bytes != null) {
      this.bytes.giveBack(bytes);
    }
  }

  /**
   * Returns whether this is as a new one would be.
   *
   * @param nanos for how long it must not have been touched
   */
  boolean isUnused(long nanos) {
    return time.currentTimeNanos() - usedAt >= nanos
        && (rows == null || rows.areAllThere())
        && (bytes == null || bytes.areAllThere());
  }
}
