package io.batchflow.kafka;

import java.util.concurrent.atomic.LongAdder;

/** What the loop has seen last. Written by its thread, except for letters; read by any thread. */
final class Look {

  final LongAdder letters = new LongAdder();

  private volatile int partitions;
  private volatile long unread;
  private volatile long settled = System.nanoTime();

  void at(int partitions, long unread) {
    this.partitions = partitions;
    this.unread = unread;
  }

  /** Something was committed, or nothing is left to commit. */
  void settled() {
    settled = System.nanoTime();
  }

  int partitions() {
    return partitions;
  }

  long unread() {
    return unread;
  }

  long nanosSinceSettled() {
    return System.nanoTime() - settled;
  }
}
