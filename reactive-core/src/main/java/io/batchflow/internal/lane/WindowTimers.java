package io.batchflow.internal.lane;

import io.batchflow.internal.loop.EventLoop;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The deadlines of windows. Only the drain uses it. */
final class WindowTimers {

  private final PriorityQueue<Window> timers =
      new PriorityQueue<>(Comparator.comparingLong((Window window) -> window.wakeAt));

  /** Sets the timer of a window, unless it has an earlier one. */
  void arm(Window window, long now) {
    long at = window.nextLook(now);
    if (at == EventLoop.NO_DEADLINE || (window.armed && window.wakeAt <= at)) {
      return;
    }
    if (window.armed) {
      timers.remove(window);
    }
    window.wakeAt = at;
    window.armed = true;
    timers.add(window);
  }

  /** Removes and returns the next window whose deadline has passed; null if none. */
  @Nullable Window next(long now) {
    Window first = timers.peek();
    if (first == null || first.wakeAt > now) {
      return null;
    }
    timers.remove();
    first.armed = false;
    return first;
  }

  /** Returns the earliest deadline. */
  long nextLook() {
    Window first = timers.peek();
    return first == null ? EventLoop.NO_DEADLINE : first.wakeAt;
  }

  /** Returns the window with the oldest row among those that could leave but wait; null if none. */
  @Nullable Window longestWaiting(long now) {
    Window oldest = null;
    for (Window window : timers) {
      if (!window.isEmpty()
          && !window.busy
          && window.lane.hasSlot()
          && !window.lane.awaitsShareOut()
          && window.ripe(now) == null
          && (oldest == null || waitsLonger(window, oldest))) {
        oldest = window;
      }
    }
    return oldest;
  }

  private static boolean waitsLonger(Window window, Window other) {
    Submission first = window.first();
    Submission otherFirst = other.first();
    return first != null && otherFirst != null && first.submittedAt - otherFirst.submittedAt < 0;
  }
}
