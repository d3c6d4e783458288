package io.batchflow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Estimates the recent rate and the remaining time of a load from consecutive snapshots. */
final class RateEstimator {

  /** Enough to smooth out batches, few enough to follow a change. */
  private static final int SNAPSHOTS = 10;

  private record Point(long rows, Duration elapsed) {}

  private final Deque<Point> latest = new ArrayDeque<>();

  RateEstimator() {
    latest.add(new Point(0, Duration.ZERO));
  }

  Progress judged(Progress seen) {
    Point from = seen.ended() ? new Point(0, Duration.ZERO) : latest.getFirst();
    double seconds = seen.elapsed().minus(from.elapsed).toNanos() / 1e9;
    double rowsPerSecond = seconds > 0 ? (seen.done() - from.rows) / seconds : 0;
    latest.addLast(new Point(seen.done(), seen.elapsed()));
    if (latest.size() > SNAPSHOTS) {
      latest.removeFirst();
    }
    return new Progress(
        seen.written(),
        seen.rejected(),
        seen.invalid(),
        seen.unknown(),
        seen.notSent(),
        seen.total(),
        seen.elapsed(),
        rowsPerSecond,
        remaining(seen, rowsPerSecond),
        seen.ended());
  }

  private static @Nullable Duration remaining(Progress seen, double rowsPerSecond) {
    Long total = seen.total();
    if (total == null || seen.ended() || rowsPerSecond == 0) {
      return null;
    }
    long left = Math.max(0, total - seen.done());
    return Duration.ofMillis((long) (left * 1_000 / rowsPerSecond));
  }
}
