package io.batchflow.internal.lane;

import io.batchflow.internal.loop.EventLoop;

/** When a write was last given up that may still be applied. Safe for any thread. */
public final class LateWrites {

  private volatile long lastFeared = EventLoop.NO_DEADLINE;

  LateWrites() {}

  /** Notes that a write was given up now that may still be applied. */
  public void fear(long now) {
    lastFeared = now;
  }

  /** Returns whether one was given up within some nanoseconds. */
  public boolean areFeared(long now, long within) {
    long at = lastFeared;
    return at != EventLoop.NO_DEADLINE && now - at < within;
  }
}
