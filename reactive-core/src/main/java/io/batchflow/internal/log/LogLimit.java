package io.batchflow.internal.log;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Limits one kind of line to a number per minute, and counts the rest. Thread-safe. */
final class LogLimit {

  /** Returned instead of a count if the line must be left out. */
  static final long LEFT_OUT = -1;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /**
   * The minute and its count change together, so that no line is lost at the start of a new minute.
   */
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

  /** Returns how many lines were left out before this one, or {@link #LEFT_OUT}. */
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
