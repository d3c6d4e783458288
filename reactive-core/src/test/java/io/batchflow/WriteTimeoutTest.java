package io.batchflow;

import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import io.batchflow.health.HealthPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** A write has a time limit. The writer is asked to end it, and then it is cancelled. */
class WriteTimeoutTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Stuck writer = new Stuck();

  /** Never answers by itself. */
  private static final class Stuck implements BatchWriter {

    final List<Sinks.One<BatchResult>> verdicts = new ArrayList<>();
    final List<Batch> interrupted = new ArrayList<>();
    int cancelled;
    boolean withdrawn;
    Mono<Boolean> over = Mono.just(true);

    @Override
    public Mono<BatchResult> write(Batch batch) {
      return Mono.defer(
          () -> {
            Sinks.One<BatchResult> verdict = Sinks.one();
            verdicts.add(verdict);
            return verdict.asMono().doOnCancel(() -> cancelled++);
          });
    }

    @Override
    public Mono<Void> interrupt(Batch batch) {
      return Mono.fromRunnable(() -> interrupted.add(batch));
    }

    @Override
    public boolean withdraw(Batch batch) {
      return withdrawn;
    }

    @Override
    public Mono<Boolean> abandon(Batch batch) {
      return Mono.defer(() -> over);
    }

    @Override
    public FailureClassifier failureClassifier() {
      return failure -> FailureKind.TRANSIENT;
    }
  }

  private BatchFlow flow() {
    return Rows.flow(writer, time)
        .writeTimeout(TIMEOUT)
        .writeGrace(GRACE)
        .retry(Retry.fixedDelay(1, Duration.ofMillis(1)))
        .build();
  }

  private Rows.Probe<WriteResult> submit(Row row) {
    Rows.Probe<WriteResult> probe = watch(flow().submit(row));
    time.advanceTimeBy(Rows.SOON.minus(Duration.ofMillis(1)));
    return probe;
  }

  @Test
  void aVerdictInTimeInterruptsNothing() {
    Rows.Probe<WriteResult> probe = submit(Rows.event(1));
    writer.verdicts.get(0).tryEmitValue(BatchResult.written(1));
    time.advanceTimeBy(Duration.ofHours(1));

    assertThat(probe.values).hasSize(1);
    assertThat(writer.interrupted).isEmpty();
    assertThat(writer.cancelled).isZero();
  }

  @Test
  void aVerdictAfterTheInterruptionStillCounts() {
    Rows.Probe<WriteResult> probe = submit(Rows.event(1));
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(writer.interrupted).hasSize(1);
    writer.verdicts.get(0).tryEmitError(new IllegalStateException("interrupted"));
    time.advanceTimeBy(Duration.ofSeconds(1));
    writer.verdicts.get(1).tryEmitValue(BatchResult.written(1));
    time.advanceTimeBy(Duration.ofHours(1));

    assertThat(probe.values).singleElement().extracting(WriteResult::attempts).isEqualTo(2);
    assertThat(writer.cancelled).isZero();
  }

  @Test
  void eachWriteIsInterruptedAtItsOwnLimit() {
    BatchFlow flow = flow();
    watch(flow.submit(Rows.event(1)));
    time.advanceTimeBy(Duration.ofSeconds(4));
    watch(flow.submit(Rows.row(Rows.UPSERTS, 2, "v")));
    writer.verdicts.get(0).tryEmitValue(BatchResult.written(1));
    time.advanceTimeBy(Duration.ofSeconds(4));
    watch(flow.submit(Rows.event(3)));

    time.advanceTimeBy(Duration.ofSeconds(6).minusMillis(1));
    assertThat(writer.interrupted).isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(writer.interrupted)
        .extracting(batch -> batch.rows().get(0).value("id"))
        .containsExactly(2L);
    time.advanceTimeBy(Duration.ofSeconds(4));
    assertThat(writer.interrupted)
        .extracting(batch -> batch.rows().get(0).value("id"))
        .startsWith(2L, 3L);
  }

  @Test
  void anExecutorThatIsShutDownAfterCloseEndsAtOnce() throws InterruptedException {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    executor.setRemoveOnCancelPolicy(true);
    Scheduler scheduler = Schedulers.fromExecutorService(executor);
    BatchWriter later =
        batch ->
            Mono.just(BatchResult.written(batch.size()))
                .delayElement(Duration.ofMillis(1), scheduler);
    BatchFlow flow =
        BatchFlow.builder(later).scheduler(scheduler).writeTimeout(Duration.ofHours(1)).build();
    try {
      flow.submit(Rows.event(1)).block();
      flow.close().block();
      executor.shutdown();

      assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void withoutAVerdictTheWriteIsGivenUpAndItsRowsAreUnknown() {
    Rows.Probe<WriteResult> probe = submit(Rows.event(1));
    time.advanceTimeBy(GRACE.minus(Duration.ofMillis(1)));
    assertThat(probe.isDone()).isFalse();
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(probe.errors)
        .singleElement()
        .isInstanceOfSatisfying(
            UnknownOutcomeException.class,
            unknown ->
                assertThat(unknown.getCause()).hasMessageContaining("writeTimeout of PT10S"));
    assertThat(writer.cancelled).isEqualTo(1);
  }

  @Test
  void whatIsHarmlessToRepeatIsSentAgain() {
    Rows.Probe<WriteResult> probe = submit(Rows.row(Rows.UPSERTS, 1, "v"));
    time.advanceTimeBy(Duration.ofSeconds(4));
    assertThat(writer.verdicts).hasSize(2);
    writer.verdicts.get(1).tryEmitValue(BatchResult.written(1));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(probe.values).hasSize(1);
  }

  @Test
  void aBatchThatNeverHadAConnectionIsTriedAgainAndThenNotSent() {
    writer.withdrawn = true;
    Rows.Probe<WriteResult> probe = submit(Rows.event(1));
    time.advanceTimeBy(TIMEOUT.multipliedBy(2));

    assertThat(writer.verdicts).hasSize(2);
    assertThat(writer.interrupted).isEmpty();
    assertThat(probe.errors).singleElement().isInstanceOf(BatchWriteException.class);
    assertThat(Rows.statuses(List.of(probe))).containsExactly(OutcomeStatus.NOT_SENT);
  }

  @Test
  void aBatchThatNeverHadAConnectionIsNotSentAtTheDeadlineOfClose() {
    writer.withdrawn = true;
    BatchFlow flow = flow();
    Rows.Probe<WriteResult> probe = watch(flow.submit(Rows.event(1)));
    time.advanceTimeBy(Duration.ofSeconds(1));
    watch(flow.close(Duration.ofSeconds(1)));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(Rows.statuses(List.of(probe))).containsExactly(OutcomeStatus.NOT_SENT);
  }

  @Test
  void aWriteIsSentAgainOnlyOnceItsLastTryIsOver() {
    Sinks.One<Boolean> over = Sinks.one();
    writer.over = over.asMono();
    Rows.Probe<WriteResult> probe = submit(Rows.row(Rows.UPSERTS, 1, "v"));
    time.advanceTimeBy(Duration.ofSeconds(3));
    assertThat(writer.verdicts).hasSize(1);
    over.tryEmitValue(true);
    time.advanceTimeBy(Duration.ofSeconds(1));
    writer.verdicts.get(1).tryEmitValue(BatchResult.written(1));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(probe.values).hasSize(1);
  }

  @Test
  void aNewerRowOfItsKeyWaitsUntilALostWriteIsOver() {
    Sinks.One<Boolean> over = Sinks.one();
    writer.over = over.asMono();
    BatchFlow flow = flow();
    watch(flow.submit(Rows.row(Rows.UPSERTS, 1, "old")));
    time.advanceTimeBy(Duration.ofSeconds(1));
    watch(flow.submit(Rows.row(Rows.UPSERTS, 1, "new")));
    time.advanceTimeBy(TIMEOUT.plus(GRACE));
    assertThat(writer.verdicts).hasSize(1);
    over.tryEmitValue(false);
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(writer.verdicts).hasSize(2);
  }

  @Test
  void whatMayStillBeAppliedIsNotSentAgainAndHealthSaysSo() {
    writer.over = Mono.just(false);
    BatchFlow flow = flow();
    Rows.Probe<WriteResult> probe = watch(flow.submit(Rows.row(Rows.UPSERTS, 1, "v")));
    time.advanceTimeBy(TIMEOUT.plus(GRACE).plus(Duration.ofSeconds(1)));

    assertThat(writer.verdicts).hasSize(1);
    assertThat(probe.errors).singleElement().isInstanceOf(UnknownOutcomeException.class);
    assertThat(flow.health().reasons()).contains(FlowHealth.Reason.LATE_WRITE);
    time.advanceTimeBy(HealthPolicy.defaults().downAfter());
    assertThat(flow.health().reasons()).doesNotContain(FlowHealth.Reason.LATE_WRITE);
  }

  @Test
  void aLostWriteOfWhichNothingIsKnownInTimeIsUnknownAfterTheLastTry() {
    writer.over = Mono.never();
    BatchFlow flow = flow();
    Rows.Probe<WriteResult> probe = watch(flow.submit(Rows.row(Rows.UPSERTS, 1, "v")));
    time.advanceTimeBy(TIMEOUT.plus(GRACE.multipliedBy(3)).plus(Duration.ofSeconds(1)));

    assertThat(writer.verdicts).hasSize(1);
    assertThat(probe.errors).singleElement().isInstanceOf(UnknownOutcomeException.class);
    assertThat(flow.health().reasons()).contains(FlowHealth.Reason.LATE_WRITE);
  }

  @Test
  void whatAWriterGivesUpWithoutKnowingIsNotSentAgain() {
    writer.over = Mono.empty();
    Rows.Probe<WriteResult> probe = submit(Rows.row(Rows.UPSERTS, 1, "v"));
    time.advanceTimeBy(TIMEOUT.plus(GRACE).plus(Duration.ofSeconds(1)));

    assertThat(writer.verdicts).hasSize(1);
    assertThat(probe.errors).singleElement().isInstanceOf(UnknownOutcomeException.class);
  }
}
