package io.batchflow;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.RetryBackoffSpec;

/**
 * From a sealed batch to an end for each of its rows: attempts with retry, and halving where some
 * row is bad. One batch is one {@code Mono}, so plain operators do. Runs on the flow's scheduler:
 * no user code on the engine's thread, none on a driver's.
 */
final class WritePath {

  final LongAdder retries = new LongAdder();
  final LongAdder splits = new LongAdder();

  private final BatchWriter writer;
  private final FailureClassifier classifier;
  private final RetryBackoffSpec retry;
  private final Scheduler scheduler;
  private final Listeners listeners;
  private final Loop clock;
  private final Consumer<Delivery> done;

  WritePath(Settings settings, Loop clock, Listeners listeners, Consumer<Delivery> done) {
    this.writer = settings.writer;
    this.classifier = settings.classifier;
    this.scheduler = settings.scheduler;
    this.retry =
        settings
            .retry
            .scheduler(scheduler)
            .onRetryExhaustedThrow((spec, signal) -> signal.failure());
    this.listeners = listeners;
    this.clock = clock;
    this.done = done;
  }

  /** Writes a batch, never cancelled, and posts it once all its rows have ended. */
  void start(Delivery delivery) {
    listeners.sealed(delivery);
    Mono.defer(() -> write(delivery.whole()))
        .subscribe(
            nothing -> {}, failure -> finish(delivery, failure), () -> finish(delivery, null));
  }

  private void finish(Delivery delivery, @Nullable Throwable failure) {
    if (delivery.settle()) {
      delivery.endRest(failure != null ? failure : new IllegalStateException("no end"));
      done.accept(delivery);
    }
  }

  private Mono<Void> write(Part part) {
    return attempted(part)
        .onErrorResume(WriteFailure.class, failure -> again(part, failure))
        .flatMap(result -> written(part, result))
        .onErrorResume(WriteFailure.class, failure -> failed(part, failure));
  }

  private Mono<BatchResult> attempted(Part part) {
    return Mono.defer(() -> attempt(part))
        .publishOn(scheduler)
        .onErrorMap(failure -> classified(part, failure));
  }

  /**
   * Retries, beginning with the failure that is known: a write that succeeds pays nothing for it.
   */
  private Mono<BatchResult> again(Part part, WriteFailure first) {
    if (!isWorthATry(part, first)) {
      return Mono.error(first);
    }
    AtomicBoolean known = new AtomicBoolean(true);
    return Mono.defer(() -> known.getAndSet(false) ? Mono.error(first) : attempted(part))
        .retryWhen(retryOf(part));
  }

  private Mono<BatchResult> attempt(Part part) {
    long now = clock.now();
    Batch batch = part.prepare(now);
    if (batch == null) {
      return Mono.just(BatchResult.written(0));
    }
    if (part.attempts++ == 0) {
      part.startedAt = now;
    }
    if (!part.delivery.send()) {
      return Mono.empty();
    }
    return written(batch).switchIfEmpty(Mono.error(NoResultException::new));
  }

  /** A driver that is not whole throws errors; Reactor would let those through to the scheduler. */
  private Mono<BatchResult> written(Batch batch) {
    try {
      return Objects.requireNonNull(writer.write(batch), "BatchWriter.write returned null");
    } catch (LinkageError | AssertionError broken) {
      return Mono.error(new IllegalStateException("BatchWriter.write threw an error", broken));
    }
  }

  private WriteFailure classified(Part part, Throwable failure) {
    FailureKind kind =
        failure instanceof NoResultException ? FailureKind.UNKNOWN : classifier.classify(failure);
    part.ambiguous |= kind == FailureKind.UNKNOWN;
    return new WriteFailure(kind, failure);
  }

  private RetryBackoffSpec retryOf(Part part) {
    return retry
        .filter(
            failure ->
                failure instanceof WriteFailure attempt
                    && isWorthATry(part, attempt)
                    && retry.errorFilter.test(attempt.reason()))
        .doBeforeRetry(
            signal -> {
              retries.increment();
              Throwable reason = ((WriteFailure) signal.failure()).reason();
              listeners.retry(part.batch(), part.attempts, reason);
            });
  }

  /** What is transient; what is ambiguous only where a repeat is harmless. */
  private static boolean isWorthATry(Part part, WriteFailure failure) {
    boolean harmless = !part.ambiguous || part.isRepeatable();
    boolean hopeful =
        failure.kind() == FailureKind.TRANSIENT || failure.kind() == FailureKind.UNKNOWN;
    return harmless && hopeful && !part.delivery.isSettled();
  }

  private Mono<Void> written(Part part, BatchResult result) {
    if (part.isEmpty()) {
      return Mono.empty();
    }
    listeners.written(part.batch(), result, part.attempts, took(part));
    part.delivery.merged(part.liveRows() - part.batch().size());
    WriteResult.Write write =
        new WriteResult.Write(
            part.batch().size(),
            part.attempts,
            Math.max(0, clock.now() - part.delivery.sealedAt),
            RowVerdict.WRITTEN);
    boolean someRefused = !result.refused().isEmpty();
    Flux<Void> again = Flux.empty();
    for (int i = part.from; i < part.to; i++) {
      int request = part.requestOf(i);
      Throwable refusal = someRefused ? result.refused().get(request) : null;
      if (request < 0) {
        continue;
      }
      if (refusal == null) {
        part.row(i)
            .end(
                part.batch().rowVerdicts()
                    ? write.as(part.verdictOf(i, result.verdicts()))
                    : write);
      } else if (part.isShared(request)) {
        again = again.concatWith(write(part.range(i, i + 1)));
      } else {
        part.row(i).end(refused(part, refusal));
      }
    }
    return again.then();
  }

  private Mono<Void> failed(Part part, WriteFailure failure) {
    if (failure.kind() == FailureKind.DATA && part.liveRows() > 1) {
      splits.increment();
      listeners.split(part.batch(), failure.reason());
      return write(part.firstHalf()).then(Mono.defer(() -> write(part.secondHalf())));
    }
    listeners.failed(part.batch(), endOf(part, failure), part.attempts, took(part));
    for (int i = part.from; i < part.to; i++) {
      part.row(i).end(endOf(part, failure));
    }
    return Mono.empty();
  }

  private Duration took(Part part) {
    return Duration.ofNanos(Math.max(0, clock.now() - part.startedAt));
  }

  private static BatchFlowException endOf(Part part, WriteFailure failure) {
    return failure.kind() == FailureKind.DATA || part.ambiguous
        ? refused(part, failure.reason())
        : new BatchWriteException(
            part.delivery.schema(), part.batch().size(), part.attempts, failure.reason());
  }

  /** What is refused now may have been applied by an earlier attempt whose verdict was lost. */
  private static BatchFlowException refused(Part part, Throwable reason) {
    Schema schema = part.delivery.schema();
    return part.ambiguous
        ? UnknownOutcomeException.noVerdict(schema, reason)
        : new RequestRejectedException(schema, reason);
  }

  /** The writer broke its contract: it completed without saying what became of the batch. */
  private static final class NoResultException extends RuntimeException {

    NoResultException() {
      super("BatchWriter.write completed without a BatchResult", null, false, false);
    }
  }
}
