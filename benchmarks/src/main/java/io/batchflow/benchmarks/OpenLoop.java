package io.batchflow.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Submits rows one by one at a fixed rate, whether or not earlier rows have ended. The time of a
 * row starts at its scheduled moment, so a delay caused by earlier rows counts.
 */
final class OpenLoop {

  private static final long LONGEST = TimeUnit.MINUTES.toNanos(2);
  private static final Duration LEAD = Duration.ofMillis(20);

  /**
   * The result of a run.
   *
   * @param latency of each row, in nanoseconds
   */
  record Measured(Histogram latency, ProcessCost cost) {}

  private OpenLoop() {}

  /**
   * Submits rows and measures.
   *
   * @param store stores the row with a number
   * @param first the number of the first row
   * @param rate rows per second
   */
  static Measured run(IntFunction<? extends Mono<?>> store, int first, int rows, int rate)
      throws InterruptedException {
    Histogram latency = new ConcurrentHistogram(LONGEST, 3);
    CountDownLatch open = new CountDownLatch(rows);
    AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    ProcessCost before = ProcessCost.now();
    long start = System.nanoTime() + LEAD.toNanos();
    for (int i = 0; i < rows; i++) {
      long intended = start + (long) (i * 1e9 / rate);
      waitUntil(intended);
      store
          .apply(first + i)
          .subscribe(
              stored -> {},
              failure -> {
                failed.compareAndSet(null, failure);
                open.countDown();
              },
              () -> {
                latency.recordValue(Math.min(LONGEST, System.nanoTime() - intended));
                open.countDown();
              });
    }
    boolean ended = open.await(LONGEST, TimeUnit.NANOSECONDS);
    Throwable failure = failed.get();
    if (failure != null || !ended) {
      throw new IllegalStateException("A row was not stored", failure);
    }
    return new Measured(latency, ProcessCost.now().since(before));
  }

  /** Parks instead of spinning, as the backend needs the processor too. */
  private static void waitUntil(long nanoTime) {
    long left;
    while ((left = nanoTime - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
    }
  }
}
