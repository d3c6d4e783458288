package io.batchflow.routing;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A writer to a store in memory. It loses answers, applies writes late, and is down from time to
 * time; a seed determines when.
 */
final class Entrance implements BatchWriter {

  /** What is stored, possibly by several writers. */
  static final class Store {

    /** How often each row was applied. */
    final IdentityHashMap<Row, Integer> applied = new IdentityHashMap<>();

    /** The last row of each key. */
    final Map<Object, Row> newest = new HashMap<>();

    final List<String> faults = new ArrayList<>();

    void apply(Batch batch) {
      for (Row row : batch.rows()) {
        applied.merge(row, 1, Integer::sum);
        if (!row.schema().conflictKey().isEmpty()) {
          Object key = Objects.requireNonNull(row.value("id"));
          Row before = newest.put(key, row);
          if (before != null && number(before) > number(row)) {
            faults.add("row " + number(row) + " was applied after row " + number(before));
          }
        }
      }
    }
  }

  /** The rows of a test are numbered in the order of their submission. */
  static int number(Row row) {
    return (Integer) Objects.requireNonNull(row.value("value"));
  }

  private final Store store;
  private final Random random;
  private final VirtualTimeScheduler time;

  /** The writes that may still be applied. */
  private final IdentityHashMap<Batch, Boolean> open = new IdentityHashMap<>();

  boolean down;
  int writes;

  Entrance(Store store, Random random, VirtualTimeScheduler time) {
    this.store = store;
    this.random = random;
    this.time = time;
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  private Mono<Long> after(int mostMillis) {
    return Mono.delay(Duration.ofMillis(1 + random.nextInt(mostMillis)), time);
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return Mono.defer(
        () -> {
          writes++;
          return after(20).then(Mono.defer(() -> arrived(batch)));
        });
  }

  private Mono<BatchResult> arrived(Batch batch) {
    if (down) {
      return Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT));
    }
    open.put(batch, true);
    if (!oneIn(8)) {
      apply(batch);
      return Mono.just(BatchResult.written(batch.size()));
    }
    if (oneIn(2)) {
      after(3_000).subscribe(late -> apply(batch));
    } else if (oneIn(2)) {
      apply(batch);
    } else {
      open.remove(batch);
    }
    return oneIn(2)
        ? Mono.never()
        : after(10).then(Mono.error(() -> RecordingWriter.failure(FailureKind.UNKNOWN)));
  }

  private void apply(Batch batch) {
    if (open.remove(batch) != null) {
      store.apply(batch);
    }
  }

  @Override
  public Mono<Boolean> abandon(Batch batch) {
    return after(100).doOnNext(ended -> open.remove(batch)).thenReturn(true);
  }

  @Override
  public FailureClassifier failureClassifier() {
    return RecordingWriter.create().failureClassifier();
  }
}
