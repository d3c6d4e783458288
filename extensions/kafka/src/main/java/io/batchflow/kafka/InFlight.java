package io.batchflow.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Counts the records without an outcome. The consumer pauses at a bound, and resumes at half. */
final class InFlight {

  private final AtomicInteger total = new AtomicInteger();
  private final int most;
  private final int few;
  private volatile @Nullable Thread consumer;

  InFlight(int most) {
    this.most = most;
    this.few = most / 2;
  }

  /** Sets the thread to wake when there is room again. */
  void wake(Thread consumer) {
    this.consumer = consumer;
  }

  void add() {
    total.incrementAndGet();
  }

  void remove() {
    if (total.decrementAndGet() == few) {
      LockSupport.unpark(consumer);
    }
  }

  int total() {
    return total.get();
  }

  boolean isFull() {
    return total.get() >= most;
  }

  boolean hasRoom() {
    return total.get() <= few;
  }
}
