package io.batchflow;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Lets a kind of line through so often a minute, and counts the rest. For any thread. */
final class LogLimit {

  /** Told instead of a count where a line is to be left out. */
  static final long LEFT_OUT = -1;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final int most;
  private final AtomicLong minute;
  private final AtomicInteger lines = new AtomicInteger();
  private final LongAdder leftOut = new LongAdder();

  LogLimit(int most, long now) {
    this.most = most;
    this.minute = new AtomicLong(now);
  }

  /** Returns how many lines were left out before this one, or that it is to be left out itself. */
  long admit(long now) {
    long begun = minute.get();
    if (now - begun >= MINUTE && minute.compareAndSet(begun, now)) {
      lines.set(0);
    }
    if (lines.get() >= most || lines.getAndIncrement() >= most) {
      leftOut.increment();
      return LEFT_OUT;
    }
    return leftOut.sumThenReset();
  }
}
