package io.batchflow.r2dbc.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What one run has done so far. Thread-safe. */
final class RunCounts {

  private final String table;
  private final boolean dryRun;
  private final RetentionListener listener;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong locked = new AtomicLong();
  private volatile @Nullable Instant cutOff;

  RunCounts(String table, boolean dryRun, RetentionListener listener) {
    this.table = table;
    this.dryRun = dryRun;
    this.listener = listener;
  }

  void cutOff(Instant moment) {
    cutOff = moment;
  }

  /** Rows were only counted. */
  void counted(long expired) {
    rows.addAndGet(expired);
  }

  /** A partition was only found to be expired. */
  void countedPartitions(int expired) {
    dropped.addAndGet(expired);
  }

  void deleted(long deleted, Duration took) {
    rows.addAndGet(deleted);
    batches.incrementAndGet();
    listener.onBatch(table, deleted, took);
  }

  void dropped() {
    dropped.incrementAndGet();
    listener.onPartitionDropped(table);
  }

  void locked() {
    locked.incrementAndGet();
  }

  /** Does work, and returns what it has done, also if it fails. */
  Mono<RetentionRun> timed(Scheduler scheduler, Mono<Void> work) {
    return Mono.defer(
        () -> {
          long began = scheduler.now(TimeUnit.NANOSECONDS);
          return work.then(Mono.fromSupplier(() -> run(since(scheduler, began), null)))
              .onErrorResume(failure -> Mono.just(run(since(scheduler, began), failure)));
        });
  }

  private static Duration since(Scheduler scheduler, long began) {
    return Duration.ofNanos(scheduler.now(TimeUnit.NANOSECONDS) - began);
  }

  private RetentionRun run(Duration took, @Nullable Throwable failure) {
    return new RetentionRun(
        table,
        dryRun,
        cutOff,
        rows.get(),
        batches.get(),
        dropped.get(),
        locked.get(),
        took,
        failure);
  }
}
