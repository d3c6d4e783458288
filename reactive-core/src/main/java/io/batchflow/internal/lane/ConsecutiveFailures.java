package io.batchflow.internal.lane;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Failed writes in a row, of one table or of all, with none that succeeded. For any thread. */
public final class ConsecutiveFailures {

  /**
   * What is known of failures in a row; times are the flow's clock, in nanoseconds.
   *
   * @param since the first one, by the wall's clock
   * @param logged whether the log says so, and so has to say when they are over
   */
  public record Failing(Instant since, long first, long last, long writes, boolean logged) {

    Failing again(long now) {
      return new Failing(since, first, now, writes + 1, logged);
    }

    private Failing withLine() {
      return new Failing(since, first, last, writes, true);
    }

    /** Whether it tells of now: a write is under way, or failed not long ago. */
    public boolean isCurrent(boolean inFlight, long now, long memory) {
      return inFlight || now - last < memory;
    }
  }

  private final AtomicReference<@Nullable Failing> failing = new AtomicReference<>();

  /** Returns whether it is the first in a row. */
  public boolean failed(Instant since, long now) {
    Failing first = new Failing(since, now, now, 1, false);
    return failing.getAndUpdate(before -> before == null ? first : before.again(now)) == null;
  }

  /** Says that it is in the log. Returns false if it is over already. */
  public boolean logged() {
    return failing.updateAndGet(known -> known == null ? null : known.withLine()) != null;
  }

  /** Returns what has ended by this; null where nothing had failed. */
  public @Nullable Failing succeeded() {
    return failing.get() == null ? null : failing.getAndSet(null);
  }

  /** Returns what is known; null where the last write succeeded. */
  public @Nullable Failing failing() {
    return failing.get();
  }
}
