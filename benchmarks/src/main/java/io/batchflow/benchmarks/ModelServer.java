package io.batchflow.benchmarks;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * A server that only takes time: each of its workers takes the next batch, for a fixed time and a
 * time per row. It counts rows.
 */
final class ModelServer implements Contest.Target {

  private final double fixedNanos;
  private final double nanosPerRow;
  private final PriorityQueue<Long> freeAt = new PriorityQueue<>();
  private final AtomicLong written = new AtomicLong();
  private volatile double slower = 1;

  ModelServer(Duration fixed, Duration perRow, int workers) {
    this.fixedNanos = fixed.toNanos();
    this.nanosPerRow = perRow.toNanos();
    for (int i = 0; i < workers; i++) {
      freeAt.add(System.nanoTime());
    }
  }

  BatchWriter writer() {
    return this::write;
  }

  private Mono<BatchResult> write(Batch batch) {
    return Mono.defer(() -> Mono.delay(Duration.ofNanos(turn(batch.size()))))
        .then(
            Mono.fromSupplier(
                () -> {
                  written.addAndGet(batch.size());
                  return BatchResult.written(batch.size());
                }));
  }

  /** Returns how long a batch takes, with its wait for a worker. */
  private synchronized long turn(int rows) {
    long now = System.nanoTime();
    long begins = Math.max(now, freeAt.remove());
    long end = begins + (long) ((fixedNanos + nanosPerRow * rows) * slower);
    freeAt.add(end);
    return end - now;
  }

  /** Makes it so many times as slow as at first. */
  void slow(double times) {
    slower = times;
  }

  @Override
  public void empty() {
    written.set(0);
  }

  @Override
  public void verify(int rows) {
    if (written.get() != rows) {
      throw new IllegalStateException("The model got " + written + " rows instead of " + rows);
    }
  }
}
