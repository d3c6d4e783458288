package io.batchflow.watermark;

import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/** One assignment of a partition. A late outcome of it changes nothing of the next assignment. */
final class Assignment<P> {

  private final P partition;
  private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
  private final AtomicInteger pending = new AtomicInteger();

  /** Written by the thread that owns the partition: no further record is below it. */
  private volatile long next;

  Assignment(P partition, long next) {
    this.partition = partition;
    this.next = next;
  }

  OpenPosition<P> open(long position) {
    if (position < next || position == Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "The position " + position + " cannot be opened: the next one is at least " + next);
    }
    OpenPosition<P> opened = new OpenPosition<>(this, partition, position);
    pending.incrementAndGet();
    open.add(position);
    next = position + 1; // last, as a watermark up to here must see the open position
    return opened;
  }

  void skipTo(long position) {
    next = Math.max(next, position);
  }

  void pass(long position) {
    if (open.remove(position)) {
      pending.decrementAndGet();
    }
  }

  int pending() {
    return pending.get();
  }

  long watermark() {
    long end = next; // first, as positions below it are open by now, or have passed
    Long first = open.ceiling(0L); // null if empty, where first() would throw
    return first == null ? end : Math.min(end, first);
  }
}
