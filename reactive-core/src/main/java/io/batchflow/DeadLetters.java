package io.batchflow;

import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Hands refused rows over before their callers are told. The batch keeps its slot meanwhile, so
 * that refusals which come faster than they can be kept slow the flow down.
 */
final class DeadLetters {

  private static final Logger LOG = Loggers.getLogger(BatchFlow.class);

  /** Rows of one batch that are handed over at the same time. */
  private static final int AT_ONCE = 16;

  final LongAdder kept = new LongAdder();
  final LongAdder lost = new LongAdder();

  private final @Nullable Function<RefusedRequest, ? extends Publisher<Void>> keeper;
  private final Settings settings;

  DeadLetters(Settings settings) {
    this.keeper = settings.deadLetter;
    this.settings = settings;
  }

  /** Completes once every refused row of a batch is kept, or was given up. Never fails. */
  Mono<Void> keep(Delivery delivery) {
    if (keeper == null) {
      return Mono.empty();
    }
    return Flux.fromArray(delivery.rows())
        .filter(row -> row.hasEnded() && row.status() == Outcome.Status.REFUSED)
        .flatMap(row -> keep(row, keeper), AT_ONCE)
        .then();
  }

  private Mono<Void> keep(
      Submission row, Function<RefusedRequest, ? extends Publisher<Void>> keeper) {
    BatchFlowException reason = row.error();
    if (reason == null) {
      return Mono.empty();
    }
    RefusedRequest refused = new RefusedRequest(row.request, reason, Instant.now());
    return Mono.defer(() -> Mono.from(keeper.apply(refused)))
        .timeout(settings.writeTimeout, settings.scheduler)
        .retryWhen(settings.retry.scheduler(settings.scheduler))
        .publishOn(settings.scheduler)
        .doOnSuccess(nothing -> kept.increment())
        .onErrorResume(failure -> giveUp(reason, failure));
  }

  private Mono<Void> giveUp(BatchFlowException reason, Throwable failure) {
    lost.increment();
    reason.addSuppressed(failure);
    LOG.warn("A refused row could not be kept: {}", failure.getClass().getName());
    return Mono.empty();
  }
}
