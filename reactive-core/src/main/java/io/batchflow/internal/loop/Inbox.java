package io.batchflow.internal.loop;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A lock-free queue from many threads to one consumer. It is a stack that is taken as a whole and
 * reversed, so that events come out in the order of posting. {@code Admission} bounds it: a
 * submission is posted only with room or a waiter's place.
 */
public final class Inbox {

  private final AtomicReference<@Nullable Event> top = new AtomicReference<>();

  /** Returns how many events the inbox holds now. At 1 the consumer must be woken. */
  public int post(Event event) {
    return post(event, event);
  }

  /** Posts several events at once, each linked to the previous one. They count as one. */
  public int post(Event newest, Event oldest) {
    Event seen;
    do {
      seen = top.get();
      oldest.next = seen;
      newest.depth = seen == null ? 1 : seen.depth + 1;
    } while (!top.compareAndSet(seen, newest));
    return newest.depth;
  }

  /** Returns how many events it holds. Several that were posted at once count as one. */
  public int size() {
    Event newest = top.get();
    return newest == null ? 0 : newest.depth;
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
