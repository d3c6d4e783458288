package io.batchflow.internal.lane;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many rows were written per second lately: a count for each of the last seconds. Only the
 * drain adds; any thread may read.
 */
final class RecentRate {

  /** The average is over so many whole seconds, and the part of the present one. */
  static final int SECONDS = 10;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MOST_ROWS = 0xFFFF_FFFFL;

  /** The second in the upper half, and its rows in the lower one, so that both change at once. */
  private final AtomicLongArray counts = new AtomicLongArray(SECONDS + 1);

  void add(int rows, long now) {
    int second = secondOf(now);
    int place = placeOf(second);
    long known = counts.getPlain(place);
    long before = (int) (known >> 32) == second ? known & MOST_ROWS : 0;
    counts.lazySet(place, (long) second << 32 | Math.min(MOST_ROWS, before + rows));
  }

  double perSecond(long now) {
    int present = secondOf(now);
    long rows = 0;
    for (int i = 0; i < counts.length(); i++) {
      long known = counts.get(i);
      int age = present - (int) (known >> 32); // which may overflow
      if (age >= 0 && age <= SECONDS) {
        rows += known & MOST_ROWS;
      }
    }
    return rows / (SECONDS + (double) Math.floorMod(now, SECOND) / SECOND);
  }

  private static int secondOf(long now) {
    return (int) Math.floorDiv(now, SECOND);
  }

  private int placeOf(int second) {
    return Math.floorMod(second, counts.length());
  }
}
