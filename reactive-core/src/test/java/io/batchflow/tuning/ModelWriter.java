package io.batchflow.tuning;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Writes to a model of a server with several workers, in virtual time. */
final class ModelWriter implements BatchWriter {

  private final VirtualTimeScheduler time;
  private final PriorityQueue<Long> freeAt = new PriorityQueue<>();

  /** The time of a batch and of a row, in nanoseconds. */
  double fixed;

  double perRow;

  /** Whether it fails all batches. */
  boolean overloaded;

  ModelWriter(VirtualTimeScheduler time, Duration fixed, Duration perRow, int workers) {
    this.time = time;
    this.fixed = fixed.toNanos();
    this.perRow = perRow.toNanos();
    for (int i = 0; i < workers; i++) {
      freeAt.add(0L);
    }
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return Mono.defer(
        () -> {
          if (overloaded) {
            return Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT));
          }
          long now = time.now(TimeUnit.NANOSECONDS);
          long end = Math.max(now, freeAt.remove()) + (long) (fixed + perRow * batch.size());
          freeAt.add(end);
          return Mono.delay(Duration.ofNanos(end - now), time)
              .thenReturn(BatchResult.written(batch.size()));
        });
  }

  @Override
  public FailureClassifier failureClassifier() {
    return RecordingWriter.create().failureClassifier();
  }
}
