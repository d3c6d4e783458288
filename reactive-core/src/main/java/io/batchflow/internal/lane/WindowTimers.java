package io.batchflow.internal.lane;

import io.batchflow.internal.loop.EventLoop;
import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** When each window next needs a look. Owned by the drain. */
final class WindowTimers {

  private final PriorityQueue<Window> timers =
      new PriorityQueue<>(Comparator.comparingLong((Window window) -> window.wakeAt));

  /** Sees to it that the window is looked at in time: by the timer it has, or an earlier one. */
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

  /** Takes out the next window whose time has come; null if there is none. */
  @Nullable Window next(long now) {
    Window first = timers.peek();
    if (first == null || first.wakeAt > now) {
      return null;
    }
    timers.remove();
    first.armed = false;
    return first;
  }

  /** Returns when the next window needs a look. */
  long nextLook() {
    Window first = timers.peek();
    return first == null ? EventLoop.NO_DEADLINE : first.wakeAt;
  }

  /** Returns all windows that have a timer, in no order. */
  Collection<Window> all() {
    return timers;
  }
}
