package io.batchflow.routing;

import io.batchflow.BadRowException;
import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.KeyEquality;
import io.batchflow.Schema;
import io.batchflow.StaleKeysException;
import io.batchflow.spi.Printable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.Logger;
import reactor.util.Loggers;

/** One of the writers, and whether it gets batches. Thread-safe. */
final class Route {

  private static final Logger LOG = Loggers.getLogger(RoutingWriter.class);

  /** When a writer counts as down, and how long until it is tried again. */
  record Patience(int failures, Duration downTime, Scheduler scheduler) {}

  private enum Health {
    UP,
    DOWN,
    /** It is down, and the next batch may try it. */
    DUE,
    /** It is down, and a batch or the probe tries it. */
    TRIED
  }

  final String name;
  final BatchWriter writer;
  final int weight;
  private final @Nullable Publisher<?> probe;
  private final Patience patience;

  private final AtomicReference<Health> health = new AtomicReference<>(Health.UP);
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger writing = new AtomicInteger();
  private final AtomicLong batches = new AtomicLong();
  private final Disposable.Swap timer = Disposables.swap();

  Route(
      String name,
      BatchWriter writer,
      int weight,
      @Nullable Publisher<?> probe,
      Patience patience) {
    this.name = name;
    this.writer = writer;
    this.weight = weight;
    this.probe = probe;
    this.patience = patience;
  }

  boolean isUp() {
    return health.get() == Health.UP;
  }

  boolean hasRoom() {
    return writing.get() < writer.maxConcurrency();
  }

  /** Returns whether the caller must try the writer, which was down, with its batch or a probe. */
  boolean tries() {
    return health.get() == Health.DUE && health.compareAndSet(Health.DUE, Health.TRIED);
  }

  /** Returns whether the writer compares keys as the batch assumes, as far as that is known. */
  boolean fits(Batch batch) {
    KeyEquality rule = rule(batch.schema());
    return rule == null
        || !batch.schema().isMergeable()
        || rule.equals(batch.keys())
        || assumesNothing(batch);
  }

  /** Rows in the order of their submission can be stored by any rule, as if one by one. */
  private static boolean assumesNothing(Batch batch) {
    return !batch.isDistinct()
        && List.of(KeyEquality.byValue(), KeyEquality.byBackend(), KeyEquality.unknown())
            .contains(batch.keys());
  }

  /** Returns how the writer compares keys; null if it has to look that up, or if there are none. */
  @Nullable KeyEquality rule(Schema schema) {
    return schema.conflictKey().isEmpty() ? null : writer.keyEquality(schema);
  }

  boolean needsLookUp(Schema schema) {
    return !schema.conflictKey().isEmpty() && writer.keyEquality(schema) == null;
  }

  FailureKind kindOf(Throwable failure) {
    return failure instanceof NotLookedUpException
        ? FailureKind.TRANSIENT
        : writer.failureClassifier().classify(failure);
  }

  void begins() {
    writing.incrementAndGet();
    batches.incrementAndGet();
  }

  /** If the batch did not tell whether the writer is up, the next one does. */
  void ends() {
    writing.decrementAndGet();
    health.compareAndSet(Health.TRIED, Health.DUE);
  }

  /** The backend answered, whatever it said about the rows. */
  void answered() {
    failures.set(0);
    if (health.getAndSet(Health.UP) != Health.UP) {
      timer.update(Disposables.disposed());
      LOG.info(Printable.line("Writer '" + name + "' is up and gets batches again"));
    }
  }

  void failed(Throwable signalled) {
    Throwable failure = BadRowException.causeOf(signalled);
    if (failure instanceof StaleKeysException) {
      return;
    }
    FailureKind kind = kindOf(failure);
    if (kind == FailureKind.TRANSIENT || kind == FailureKind.UNKNOWN) {
      missed(failure.getClass().getSimpleName());
    } else {
      answered();
    }
  }

  /**
   * The writer has not answered.
   *
   * @param reason for the log; must not contain values of a row
   */
  void missed(String reason) {
    int inARow = failures.incrementAndGet();
    if (health.compareAndSet(Health.TRIED, Health.DOWN)) {
      tryLater();
    } else if (inARow >= patience.failures() && health.compareAndSet(Health.UP, Health.DOWN)) {
      LOG.warn(
          Printable.line(
              "Writer '"
                  + name
                  + "' is down after "
                  + inARow
                  + " failures ("
                  + reason
                  + "). It is tried again every "
                  + patience.downTime()
                  + "; other writers get its batches if there are any"));
      tryLater();
    }
  }

  private void tryLater() {
    timer.update(
        Mono.delay(patience.downTime(), patience.scheduler())
            .filter(due -> health.compareAndSet(Health.DOWN, Health.DUE))
            .filter(due -> probe != null && tries())
            .flatMap(tried -> probed())
            .subscribe(up -> answered(), failure -> missed("probe")));
  }

  private Mono<Boolean> probed() {
    return Flux.from(probe == null ? Mono.empty() : probe)
        .then(Mono.just(true))
        .timeout(patience.downTime(), patience.scheduler());
  }

  WriterState state() {
    return new WriterState(name, isUp(), writing.get(), batches.get());
  }

  /** Asks the writer how it compares the keys of a table. */
  Mono<Void> lookUp(Schema schema) {
    return Mono.defer(() -> writer.lookUp(schema))
        .doOnSuccess(known -> answered())
        .doOnError(this::failed);
  }

  Mono<Void> close() {
    return Mono.defer(
        () -> {
          timer.dispose();
          return writer.close();
        });
  }
}
