package io.batchflow.benchmarks.kafka;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Looks at another process again and again, as it sends no events. */
final class Waiting {

  private static final long PATIENCE_NANOS = Duration.ofMinutes(10).toNanos();
  private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

  private Waiting() {}

  /**
   * Waits until a condition holds.
   *
   * @param what says what is awaited
   */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new TimeoutException(what + " was awaited in vain");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
