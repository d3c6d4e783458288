package io.batchflow.internal.lane;

import io.batchflow.internal.loop.EventLoop;

/** The time at which a write was last cancelled that may still be applied. Thread-safe. */
public final class LateWrites {

  private volatile long last = EventLoop.NO_DEADLINE;

  LateWrites() {}

  /** Records that a write was cancelled now that may still be applied. */
  public void add(long now) {
    last = now;
  }

  /** Returns whether one was cancelled within some nanoseconds. */
  public boolean areRecent(long now, long within) {
    long at = last;
    return at != EventLoop.NO_DEADLINE && now - at < within;
  }
}
