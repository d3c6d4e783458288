package io.batchflow.internal.lane;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Consecutive failed writes, of one table or of all. For any thread. */
public final class ConsecutiveFailures {

  /**
   * A series of failures. Times are of the flow's clock, in nanoseconds.
   *
   * @param since the wall-clock time of the first one
   * @param logged whether it was logged, so that its end must be logged too
   */
  public record Failing(Instant since, long first, long last, long writes, boolean logged) {

    Failing again(long now) {
      return new Failing(since, first, now, writes + 1, logged);
    }

    private Failing withLine() {
      return new Failing(since, first, last, writes, true);
    }

    /** Whether it is current: a write is under way, or failed not long ago. */
    public boolean isCurrent(boolean inFlight, long now, long memory) {
      return inFlight || now - last < memory;
    }
  }

  private final AtomicReference<@Nullable Failing> failing = new AtomicReference<>();

  /** Returns whether it is the first of a series. */
  public boolean failed(Instant since, long now) {
    Failing first = new Failing(since, now, now, 1, false);
    return failing.getAndUpdate(before -> before == null ? first : before.again(now)) == null;
  }

  /** Notes that it was logged. Returns false if it has ended. */
  public boolean logged() {
    return failing.updateAndGet(known -> known == null ? null : known.withLine()) != null;
  }

  /** Returns the series that has ended now; null if there was none. */
  public @Nullable Failing succeeded() {
    return failing.get() == null ? null : failing.getAndSet(null);
  }

  /** Returns the current series; null if the last write succeeded. */
  public @Nullable Failing failing() {
    return failing.get();
  }
}
