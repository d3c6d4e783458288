package io.batchflow.internal.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where any thread leaves events for one taker: a lock-free stack that is taken whole and turned
 * over, so that events come out in the order of their posting. Its bound is {@code Admission}'s: a
 * submission is posted only with room or a waiter's place.
 */
public final class Inbox {

  private final AtomicReference<@Nullable Event> top = new AtomicReference<>();

  /** Returns how many events the inbox holds now: with the first, its taker must be woken. */
  public int post(Event event) {
    return post(event, event);
  }

  /** Leaves several events at once, each linked to the one before it, which count as one. */
  public int post(Event newest, Event oldest) {
    Event seen;
    do {
      seen = top.get();
      oldest.next = seen;
      newest.depth = seen == null ? 1 : seen.depth + 1;
    } while (!top.compareAndSet(seen, newest));
    return newest.depth;
  }

  boolean isEmpty() {
    return top.get() == null;
  }

  /** Returns all events, oldest first, linked by {@code next}; null if there are none. */
  public @Nullable Event takeAll() {
    Event newest = top.get() == null ? null : top.getAndSet(null);
    Event oldest = null;
    while (newest != null) {
      Event older = newest.next;
      newest.next = oldest;
      oldest = newest;
      newest = older;
    }
    return oldest;
  }
}
