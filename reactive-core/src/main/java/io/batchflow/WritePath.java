package io.batchflow;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * From a sealed batch to an end for each of its rows: {@link Attempts}, and halving where some row
 * is bad. One batch is one {@code Mono}, so plain operators do. Runs on the flow's scheduler: no
 * user code on the engine's thread, none on a driver's.
 */
final class WritePath {

  final LongAdder splits = new LongAdder();

  final DeadLetters letters;
  final Pulse pulse;

  private final Attempts attempts;
  private final Listeners listeners;
  private final Loop clock;
  private final Consumer<Delivery> done;

  WritePath(
      Settings settings, Loop clock, Listeners listeners, FlowLog log, Consumer<Delivery> done) {
    this.letters = new DeadLetters(settings, log);
    this.pulse = new Pulse(settings.scheduler, clock, log);
    this.attempts = new Attempts(settings, clock, listeners, pulse);
    this.listeners = listeners;
    this.clock = clock;
    this.done = done;
  }

  /** Writes a batch, never cancelled, and posts it once all its rows have ended. */
  void start(Delivery delivery) {
    listeners.sealed(delivery);
    Mono.defer(() -> write(delivery.whole()))
        .then(Mono.defer(() -> lookAgain(delivery.suspects)))
        .then(Mono.defer(() -> letters.keep(delivery)))
        .subscribe(
            nothing -> {}, failure -> finish(delivery, failure), () -> finish(delivery, null));
  }

  /** Returns how many writes were tried again. */
  long retries() {
    return attempts.retries.sum();
  }

  private void finish(Delivery delivery, @Nullable Throwable failure) {
    if (delivery.settle()) {
      delivery.endRest(failure != null ? failure : new IllegalStateException("no end"));
      done.accept(delivery);
    }
  }

  private Mono<Void> write(Part part) {
    return attempts
        .write(part)
        .flatMap(result -> written(part, result))
        .onErrorResume(WriteFailure.class, failure -> failed(part, failure));
  }

  private Mono<Void> written(Part part, BatchResult result) {
    if (part.isEmpty()) {
      return Mono.empty();
    }
    long now = clock.now();
    listeners.written(part.batch(), result, part.attempts, part.took(now));
    WriteResult.Write write = part.write(now);
    part.delivery.suspects.others();
    boolean someRefused = !result.refused().isEmpty();
    Flux<Void> again = Flux.empty();
    for (int i = part.from; i < part.to; i++) {
      int request = part.requestOf(i);
      if (request < 0) {
        continue;
      }
      Throwable refusal = someRefused ? result.refused().get(request) : null;
      if (refusal == null) {
        part.end(i, write, result);
      } else if (part.isShared(request)) {
        again = again.concatWith(write(part.range(i, i + 1)));
      } else {
        part.end(i, new WriteFailure(attempts.classify(refusal), refusal));
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
    if (failure.kind() != FailureKind.DATA || !part.delivery.suspects.add(part, failure)) {
      end(part, failure);
    }
    return Mono.empty();
  }

  private Mono<Void> lookAgain(Suspects suspects) {
    Part rows = suspects.takeForAnotherLook();
    if (rows != null) {
      return write(rows).then(Mono.defer(() -> lookAgain(suspects)));
    }
    suspects.each(this::end);
    return Mono.empty();
  }

  private void end(Part part, WriteFailure failure) {
    listeners.failed(part.batch(), part.errorOf(failure), part.attempts, part.took(clock.now()));
    for (int i = part.from; i < part.to; i++) {
      part.end(i, failure);
    }
  }
}
