package io.batchflow.routing;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.StaleKeysException;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** A batch at its writer. Does not refer to the batch, which may be collected. Thread-safe. */
final class RoutedWrite {

  private enum Step {
    /** The writer looks the table up. */
    LOOKS_UP,
    SENT,
    WITHDRAWN
  }

  final Route route;
  private final AtomicReference<Step> step = new AtomicReference<>(Step.LOOKS_UP);

  RoutedWrite(Route route) {
    this.route = route;
  }

  Mono<BatchResult> write(Batch batch) {
    return lookedUp(batch)
        .then(Mono.defer(() -> sent(batch)).transform(this::watched))
        .doFirst(route::begins)
        .doFinally(this::ended);
  }

  /** The flow looks a table up at one writer only. Nothing is sent before. */
  private Mono<Void> lookedUp(Batch batch) {
    return Mono.defer(
        () ->
            route.needsLookUp(batch.schema())
                ? route
                    .lookUp(batch.schema())
                    .onErrorMap(
                        failure -> route.kindOf(failure) == FailureKind.UNKNOWN,
                        NotLookedUpException::new)
                : Mono.empty());
  }

  private Mono<BatchResult> watched(Mono<BatchResult> sent) {
    return sent.doOnNext(result -> route.answered()).doOnError(route::failed);
  }

  private void ended(SignalType end) {
    if (end == SignalType.CANCEL) {
      route.missed("no answer in time");
    }
    route.ends();
  }

  private Mono<BatchResult> sent(Batch batch) {
    if (!route.fits(batch)) {
      return Mono.error(new StaleKeysException(batch.schema()));
    }
    return step.compareAndSet(Step.LOOKS_UP, Step.SENT) ? route.writer.write(batch) : Mono.never();
  }

  /** Makes sure that a write without a result is not applied later. */
  Mono<Boolean> abandon(Batch batch) {
    return step.get() == Step.SENT ? route.writer.abandon(batch) : Mono.just(true);
  }

  /** Returns whether nothing was sent, and nothing will be. */
  boolean withdraw(Batch batch) {
    return step.compareAndSet(Step.LOOKS_UP, Step.WITHDRAWN) || route.writer.withdraw(batch);
  }
}
