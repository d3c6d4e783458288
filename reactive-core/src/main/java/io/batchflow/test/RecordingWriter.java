package io.batchflow.test;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * An in-memory writer for tests. It records its batches and answers as configured: at once, late,
 * in part, with a failure or not at all. Thread-safe. A setting applies to writes that start
 * afterwards.
 */
public final class RecordingWriter implements BatchWriter {

  private final List<Batch> written = new CopyOnWriteArrayList<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final Map<Integer, Throwable> failures = new ConcurrentHashMap<>();

  private volatile Predicate<Row> rejectedRows = row -> false;
  private volatile Predicate<Row> rejected = row -> false;
  private volatile Duration delay = Duration.ZERO;
  private volatile @Nullable Scheduler delayedOn;
  private volatile Sinks.@Nullable Empty<Void> held;

  private RecordingWriter() {}

  /** Returns a writer that accepts everything at once. */
  public static RecordingWriter create() {
    return new RecordingWriter();
  }

  /** Returns a failure that this writer classifies as the given kind. */
  public static RuntimeException failure(FailureKind kind) {
    return new SimulatedFailure(kind);
  }

  /**
   * Fails one write. Nothing of it is stored.
   *
   * @param attempt the number of the write, counted from 1 over all writes of this writer
   */
  public RecordingWriter failing(int attempt, Throwable failure) {
    failures.put(attempt, failure);
    return this;
  }

  /** Rejects single rows and stores the others of their batch, as Redis does. */
  public RecordingWriter rejectingRows(Predicate<Row> bad) {
    this.rejectedRows = bad;
    return this;
  }

  /**
   * Fails every batch that contains such a row with a failure of kind {@link FailureKind#DATA}, as
   * a SQL database does.
   */
  public RecordingWriter rejecting(Predicate<Row> bad) {
    this.rejected = bad;
    return this;
  }

  /** Delays every answer, by the given scheduler's clock. */
  public RecordingWriter answeringAfter(Duration delay, Scheduler scheduler) {
    this.delay = delay;
    this.delayedOn = scheduler;
    return this;
  }

  /** Answers no write until {@link #release()}. */
  public RecordingWriter hold() {
    this.held = Sinks.empty();
    return this;
  }

  /** Answers the held writes, and later ones at once. */
  public void release() {
    Sinks.Empty<Void> waiting = held;
    held = null;
    if (waiting != null) {
      waiting.tryEmitEmpty();
    }
  }

  /**
   * Forgets all writes and settings, and answers the held writes. For tests that share a writer:
   * call it when the flow is at rest.
   */
  public void reset() {
    release();
    failures.clear();
    rejectedRows = row -> false;
    rejected = row -> false;
    delay = Duration.ZERO;
    delayedOn = null;
    attempts.set(0);
    mostRunning.set(running.get());
    written.clear();
  }

  /** Returns the batches written so far, in the order of their completion. */
  public List<Batch> batches() {
    return List.copyOf(written);
  }

  /** Returns the rows written so far, in the order of their completion. */
  public List<Row> rows() {
    return written.stream().flatMap(batch -> batch.rows().stream()).toList();
  }

  /** Returns the size of each batch written so far. */
  public List<Integer> sizes() {
    return written.stream().map(Batch::size).toList();
  }

  /** Returns how many writes this writer has received. */
  public int attempts() {
    return attempts.get();
  }

  /** Returns how many writes have no answer yet. */
  public int running() {
    return running.get();
  }

  /** Returns the maximum number of writes that had no answer at the same time. */
  public int mostRunning() {
    return mostRunning.get();
  }

  /** Returns how often this writer was closed. */
  public int timesClosed() {
    return closed.get();
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return Mono.defer(
        () -> {
          int attempt = attempts.incrementAndGet();
          mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
          return waited().then(Mono.defer(() -> answer(batch, attempt)));
        });
  }

  private Mono<Void> waited() {
    Sinks.Empty<Void> waiting = held;
    Mono<Void> released = waiting == null ? Mono.empty() : waiting.asMono();
    Scheduler scheduler = delayedOn;
    return scheduler == null || delay.isZero()
        ? released
        : released.then(Mono.delay(delay, scheduler).then());
  }

  private Mono<BatchResult> answer(Batch batch, int attempt) {
    running.decrementAndGet();
    Throwable failure = failures.get(attempt);
    if (failure == null && batch.rows().stream().anyMatch(rejected)) {
      failure = failure(FailureKind.DATA);
    }
    if (failure != null) {
      return Mono.error(failure);
    }
    Map<Integer, Throwable> rejections = new HashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      if (rejectedRows.test(batch.rows().get(i))) {
        rejections.put(i, failure(FailureKind.DATA));
      }
    }
    keep(batch, rejections);
    return Mono.just(BatchResult.partly(batch.size() - rejections.size(), rejections));
  }

  private void keep(Batch batch, Map<Integer, Throwable> rejections) {
    List<Row> kept = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (!rejections.containsKey(i)) {
        kept.add(batch.rows().get(i));
      }
    }
    if (!kept.isEmpty()) {
      written.add(new Batch(batch.schema(), kept));
    }
  }

  @Override
  public boolean supportsDeletes(Schema schema) {
    return true;
  }

  @Override
  public boolean supportsUpdateOnly(Schema schema) {
    return true;
  }

  @Override
  public boolean supportsUnits() {
    return true;
  }

  /** A write that has ended is never applied later. */
  @Override
  public Mono<Boolean> abandon(Batch batch) {
    return Mono.just(true);
  }

  @Override
  public FailureClassifier failureClassifier() {
    return failure ->
        failure instanceof SimulatedFailure simulated
            ? simulated.kind
            : FailureClassifier.standard().classify(failure);
  }

  @Override
  public Mono<Void> close() {
    return Mono.fromRunnable(closed::incrementAndGet);
  }

  private static final class SimulatedFailure extends RuntimeException {

    private final FailureKind kind;

    SimulatedFailure(FailureKind kind) {
      super("simulated " + kind + " failure");
      this.kind = kind;
    }
  }
}
