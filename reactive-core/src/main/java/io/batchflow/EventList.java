package io.batchflow;

import org.jspecify.annotations.Nullable;

/** A FIFO of events, linked through the events themselves; owned by the drain. */
final class EventList {

  private @Nullable Event first;
  private @Nullable Event last;
  private int size;

  int size() {
    return size;
  }

  @Nullable Event first() {
    return first;
  }

  void add(Event event) {
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

  void remove(Event event) {
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
