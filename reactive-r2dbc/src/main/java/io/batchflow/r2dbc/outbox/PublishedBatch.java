package io.batchflow.r2dbc.outbox;

import io.batchflow.RejectedRow;
import io.batchflow.message.PublishResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The results of one batch: which messages leave the outbox, and which stay. */
final class PublishedBatch {

  private final RelayOptions options;
  private final WaitingKeys waiting;
  private final RelayCounts counts;
  private final List<Appended> done = new ArrayList<>();
  private @Nullable Throwable overflow;
  private boolean freed;

  PublishedBatch(RelayOptions options, WaitingKeys waiting, RelayCounts counts) {
    this.options = options;
    this.waiting = waiting;
    this.counts = counts;
  }

  /** Takes the results. Completes when all dead letters are kept. */
  Mono<Void> settle(List<Appended> batch, List<PublishResult> results) {
    if (results.size() != batch.size()) {
      return Mono.error(
          new IllegalStateException(
              options.publisher
                  + " returned "
                  + results.size()
                  + " results for "
                  + batch.size()
                  + " messages"));
    }
    return Flux.range(0, batch.size()).concatMap(i -> settle(batch.get(i), results.get(i))).then();
  }

  private Mono<Void> settle(Appended message, PublishResult result) {
    return switch (result.status()) {
      case PUBLISHED -> {
        counts.published.increment();
        left(message);
        yield Mono.empty();
      }
      case SKIPPED -> Mono.empty();
      case FAILED -> failed(message, Objects.requireNonNull(result.failure()), false);
      case REJECTED -> failed(message, Objects.requireNonNull(result.failure()), true);
    };
  }

  private Mono<Void> failed(Appended message, Throwable failure, boolean forGood) {
    int attempts = waiting.attempts(message) + 1;
    Function<? super RejectedRow, ? extends Publisher<Void>> keeper = options.deadLetter;
    counts.failed(failure);
    if (keeper == null || !(forGood || attempts >= options.maxAttempts)) {
      stays(message, failure);
      return Mono.empty();
    }
    return Mono.defer(() -> Mono.from(keeper.apply(Rejections.of(message, attempts, failure))))
        .doOnSuccess(
            kept -> {
              counts.deadLetters.increment();
              freed = true;
              left(message);
            })
        .onErrorResume(
            lost -> {
              counts.failed(lost);
              stays(message, lost);
              return Mono.empty();
            });
  }

  private void left(Appended message) {
    waiting.left(message);
    done.add(message);
  }

  private void stays(Appended message, Throwable failure) {
    if (!waiting.failed(message)) {
      overflow = failure;
    }
  }

  /** Returns the messages that leave the outbox. */
  List<Appended> done() {
    return done;
  }

  /** Returns whether messages behind a dead letter may be published now. */
  boolean hasFreed() {
    return freed;
  }

  /** Returns why the relay as a whole has to wait; null if it need not. */
  @Nullable Throwable overflow() {
    return overflow;
  }
}
