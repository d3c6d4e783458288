package io.batchflow.internal.loop;

import org.jspecify.annotations.Nullable;

/** A FIFO of events, linked through the events themselves; owned by the drain. */
public final class EventList {

  private @Nullable Event first;
  private @Nullable Event last;
  private int size;

  public int size() {
    return size;
  }

  public @Nullable Event first() {
    return first;
  }

  public void add(Event event) {
    event.list = this;
    event.previous = last;
    if (last == null) {
      first = event;
    } else {
      last.next = event;
    }
    last = event;
    size++;
  }

  public void remove(Event event) {
    Event before = event.previous;
    Event after = event.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    event.list = null;
    event.previous = null;
    event.next = null;
    size--;
  }
}
