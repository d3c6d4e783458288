package io.batchflow.internal.write;

import io.batchflow.BatchFlowException;
import io.batchflow.OutcomeStatus;
import io.batchflow.RejectedRow;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.unit.Unit;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Hands over rejected rows before their outcomes are reported. The batch holds its slot meanwhile,
 * which slows the flow down if rejections come faster than they can be stored.
 */
public final class DeadLetterSink {

  /** The number of rows of one batch that are handed over at the same time. */
  private static final int AT_ONCE = 16;

  public final LongAdder kept = new LongAdder();
  public final LongAdder lost = new LongAdder();

  private final @Nullable Function<RejectedRow, ? extends Publisher<Void>> keeper;
  private final FlowConfig config;
  private final FlowLog log;

  DeadLetterSink(FlowConfig config, FlowLog log) {
    this.keeper = config.deadLetter;
    this.config = config;
    this.log = log;
  }

  /** Completes once every rejected row of a batch is stored or lost. Never fails. */
  Mono<Void> keep(InFlightBatch inFlight) {
    if (keeper == null) {
      return Mono.empty();
    }
    return Flux.fromArray(inFlight.rows())
        .filter(row -> row.hasEnded() && isKept(row.status()))
        .flatMap(row -> keep(row, keeper, inFlight.scheduler()), AT_ONCE)
        .then();
  }

  /** A row that cannot be sent cannot be written either way. */
  private static boolean isKept(OutcomeStatus status) {
    return status == OutcomeStatus.REJECTED || status == OutcomeStatus.INVALID;
  }

  /** Hands over a row; of a unit, one row after the other. */
  private Mono<Void> keep(
      Submission submission,
      Function<RejectedRow, ? extends Publisher<Void>> keeper,
      Scheduler scheduler) {
    BatchFlowException reason = submission.error();
    if (reason == null) {
      return Mono.empty();
    }
    Instant time = Instant.now();
    return Flux.fromIterable(Unit.rows(submission.row))
        .concatMap(row -> keep(new RejectedRow(row, reason, time), keeper, scheduler))
        .then();
  }

  private Mono<Void> keep(
      RejectedRow rejected,
      Function<RejectedRow, ? extends Publisher<Void>> keeper,
      Scheduler scheduler) {
    return GuardedMono.guarded(() -> Mono.from(keeper.apply(rejected)))
        .timeout(config.writeTimeout, scheduler)
        .publishOn(scheduler)
        .retryWhen(config.retry.scheduler(scheduler))
        .doOnSuccess(nothing -> kept.increment())
        .onErrorResume(failure -> giveUp(rejected, failure));
  }

  private Mono<Void> giveUp(RejectedRow rejected, Throwable failure) {
    lost.increment();
    rejected.reason().addSuppressed(failure);
    log.letterLost(rejected.row().schema(), failure);
    return Mono.empty();
  }
}
