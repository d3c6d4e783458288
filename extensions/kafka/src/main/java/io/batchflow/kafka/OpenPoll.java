package io.batchflow.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Counts the records of a poll that have not ended. Ended by any thread. */
final class OpenPoll {

  private final AtomicInteger open;
  private final Thread consumer;

  /**
   * @param consumer is woken when all have ended
   */
  OpenPoll(int records, Thread consumer) {
    this.open = new AtomicInteger(records);
    this.consumer = consumer;
  }

  void ended() {
    if (open.decrementAndGet() == 0) {
      LockSupport.unpark(consumer);
    }
  }

  boolean isOpen() {
    return open.get() > 0;
  }

  int open() {
    return open.get();
  }
}
