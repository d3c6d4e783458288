package io.batchflow.internal.log;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Lets a kind of line through so often a minute, and counts the rest. For any thread. */
final class LogLimit {

  /** Told instead of a count where a line is to be left out. */
  static final long LEFT_OUT = -1;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** A minute and its lines change together: else a line is forgotten as the next one begins. */
  private record Minute(long begun, int lines) {

    boolean isOver(long now) {
      return now - begun >= MINUTE;
    }

    Minute withLine(long now) {
      return isOver(now) ? new Minute(now, 1) : new Minute(begun, lines + 1);
    }
  }

  private final int most;
  private final AtomicReference<Minute> minute;
  private final LongAdder leftOut = new LongAdder();

  LogLimit(int most, long now) {
    this.most = most;
    this.minute = new AtomicReference<>(new Minute(now, 0));
  }

  /** Returns how many lines were left out before this one, or that it is to be left out itself. */
  long admit(long now) {
    Minute current;
    do {
      current = Objects.requireNonNull(minute.get());
      if (current.lines >= most && !current.isOver(now)) {
        leftOut.increment();
        return LEFT_OUT;
      }
    } while (!minute.compareAndSet(current, current.withLine(now)));
    return leftOut.sumThenReset();
  }
}
