package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.control.TableControl;
import io.batchflow.health.FlowHealth;
import io.batchflow.stats.TableStats;
import io.batchflow.table.RowMapper;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** A paused table writes nothing, accepts rows up to its own bound, and takes no room of others. */
class PauseTest {

  private static final Schema OTHER = Schema.table("other").columns("id", "value").build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow.Builder flow(BatchPolicy policy) {
    return Rows.flow(writer, time).defaultPolicy(policy);
  }

  private static BatchPolicy.Builder holding(int rows) {
    return BatchPolicy.builder().maxSize(10).maxPausedRows(rows);
  }

  private static TableControl paused(BatchFlow flow, Schema schema) {
    TableControl control = flow.control(schema.table());
    assertThat(watch(control.pause()).completions).isEqualTo(1);
    return control;
  }

  private static List<Rows.Probe<WriteResult>> submit(BatchFlow flow, Schema schema, int rows) {
    return LongStream.range(0, rows)
        .mapToObj(id -> watch(flow.submit(row(schema, id, "v"))))
        .toList();
  }

  private List<Object> writtenIds(Schema schema) {
    return writer.rows().stream()
        .filter(row -> row.schema().equals(schema))
        .map(row -> row.value("id"))
        .toList();
  }

  @Test
  void aPausedTableWritesNothingUntilItIsResumed() {
    BatchFlow flow = flow(holding(100).build()).build();
    TableControl events = paused(flow, EVENTS);

    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 25);
    time.advanceTimeBy(Duration.ofHours(1));
    assertThat(writer.attempts()).isZero();
    assertThat(events.isPaused()).isTrue();
    assertThat(events.stats()).singleElement().returns(25L, TableStats::queued);
    assertThat(watch(events.resume()).completions).isEqualTo(1);
    time.advanceTime();

    assertThat(events.isPaused()).isFalse();
    assertThat(rows).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(writtenIds(EVENTS)).isEqualTo(LongStream.range(0, 25).boxed().toList());
    assertThat(assertBalanced(flow).written()).isEqualTo(25);
  }

  @Test
  void aPauseCompletesWhenTheBatchesInFlightHaveEnded() {
    BatchFlow flow = flow(holding(100).build()).concurrency(1).build();
    writer.hold();
    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 5);

    Rows.Probe<Void> pause = watch(flow.control("events").pause());
    assertThat(pause.isDone()).isFalse();
    writer.release();

    assertThat(pause.completions).isEqualTo(1);
    assertThat(rows.get(0).values).hasSize(1);
    assertThat(rows.get(1).isDone()).isFalse();
    assertThat(writer.sizes()).containsExactly(1);
  }

  @Test
  void aBatchInFlightIsRetriedDuringThePause() {
    writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    BatchFlow flow =
        flow(holding(100).build()).retry(Retry.fixedDelay(1, Duration.ofSeconds(1))).build();
    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 1);

    Rows.Probe<Void> pause = watch(flow.control("events").pause());
    assertThat(pause.isDone()).isFalse();
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(rows.get(0).values).hasSize(1);
    assertThat(pause.completions).isEqualTo(1);
  }

  @Test
  void aPauseCompletesWhenTheTableIsResumedMeanwhile() {
    BatchFlow flow = flow(holding(100).build()).build();
    writer.hold();
    submit(flow, EVENTS, 1);
    Rows.Probe<Void> pause = watch(flow.control("events").pause());

    watch(flow.control("events").resume());

    assertThat(pause.completions).isEqualTo(1);
    writer.release();
  }

  @Test
  void rowsThatWaitedBeforeThePauseComeBeforeThoseAfterIt() {
    BatchFlow flow = flow(holding(3).build()).concurrency(1).build();
    writer.hold();
    submit(flow, UPSERTS, 8);
    watch(flow.control("upserts").pause());
    writer.release();
    watch(flow.submit(row(UPSERTS, 7, "last")));
    assertThat(flow.stats().queued()).isEqualTo(7);
    assertThat(flow.stats().waiting()).isEqualTo(1);

    watch(flow.control("upserts").resume());
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(writtenIds(UPSERTS)).isEqualTo(LongStream.range(0, 8).boxed().toList());
    assertThat(writer.rows().get(7).value("value")).isEqualTo("last");
    assertThat(assertBalanced(flow).written()).isEqualTo(9);
  }

  @Test
  void aPausedTableTakesNoRoomFromOthers() {
    BatchFlow flow = flow(holding(20).build()).maxPending(10).concurrency(1).build();
    paused(flow, EVENTS);
    submit(flow, EVENTS, 20);

    List<Rows.Probe<WriteResult>> others = submit(flow, OTHER, 10);

    assertThat(others).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(flow.health().reasons()).containsExactly(FlowHealth.Reason.TABLE_PAUSED);
  }

  /** The rows beyond its bound had room of the flow before the pause, and keep it. */
  @Test
  void rowsInWindowsLeaveTheRoomOfTheFlowUpToTheBoundOfTheTable() {
    BatchFlow flow =
        flow(Rows.patient().maxSize(10).maxPausedRows(6).build()).maxPending(10).build();
    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 9);

    paused(flow, EVENTS);
    writer.hold();
    submit(flow, OTHER, 8); // besides the three that keep their room
    assertThat(flow.stats().waiting()).isEqualTo(1);
    writer.release();
    watch(flow.control("events").resume());
    watch(flow.flush());
    assertThat(rows).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(assertBalanced(flow).written()).isEqualTo(17);
  }

  @Test
  void rowsBeyondTheBoundFailAtOnceIfThePolicySaysSo() {
    BatchFlow flow = flow(holding(3).overflow(Overflow.FAIL).build()).build();
    paused(flow, EVENTS);

    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 4);

    assertThat(rows.get(2).isDone()).isFalse();
    assertThat(rows.get(3).errors.get(0))
        .isInstanceOfSatisfying(
            QueueFullException.class, full -> assertThat(full.isTablePaused()).isTrue())
        .hasMessageContaining("'events'")
        .hasMessageContaining("maxPausedRows (3)");
    assertThat(flow.stats().turnedAway()).isEqualTo(1);
    assertThat(flow.stats().ledger().admitted()).isEqualTo(3);
  }

  @Test
  void rowsBeyondTheBoundWaitNoLongerThanMaxWait() {
    BatchFlow flow = flow(holding(1).build()).maxWait(Duration.ofSeconds(5)).build();
    TableControl events = paused(flow, EVENTS);
    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 2);
    assertThat(flow.stats().waiting()).isEqualTo(1);

    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(rows.get(1).errors).singleElement().isInstanceOf(QueueFullException.class);
    assertThat(flow.stats().waiting()).isZero();
    watch(events.resume());
    assertThat(rows.get(0).values).hasSize(1);
    assertThat(assertBalanced(flow).admitted()).isEqualTo(1);
  }

  @Test
  void theRowsThatWaitAreBounded() {
    BatchFlow flow = flow(holding(1).build()).maxWaiters(2).build();
    paused(flow, EVENTS);

    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 4);

    assertThat(rows.get(2).isDone()).isFalse();
    assertThat(rows.get(3).errors).singleElement().isInstanceOf(QueueFullException.class);
  }

  @Test
  void aWaitingRowGetsThePlaceOfOneThatIsCancelled() {
    BatchFlow flow = flow(holding(1).build()).maxWait(Duration.ofSeconds(5)).build();
    TableControl events = paused(flow, EVENTS);
    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 3);

    rows.get(0).subscription.dispose();
    rows.get(2).subscription.dispose();
    assertThat(flow.stats().waiting()).isZero();
    time.advanceTimeBy(Duration.ofSeconds(6));
    watch(events.resume());

    assertThat(rows.get(1).values).hasSize(1);
    assertThat(writtenIds(EVENTS)).containsExactly(1L);
    assertThat(assertBalanced(flow).withdrawn()).isEqualTo(1);
  }

  @Test
  void pausedTablesTogetherHoldNoMoreBytesThanTheFlow() {
    BatchFlow flow =
        flow(BatchPolicy.builder().maxSize(10).maxBytes(1_024).overflow(Overflow.FAIL).build())
            .maxPendingBytes(1_024)
            .build();
    paused(flow, EVENTS);
    paused(flow, OTHER);
    String large = "x".repeat(300);

    Rows.Probe<WriteResult> first = watch(flow.submit(row(EVENTS, 1, large)));
    Rows.Probe<WriteResult> second = watch(flow.submit(row(OTHER, 1, large)));
    Rows.Probe<WriteResult> third = watch(flow.submit(row(OTHER, 2, large + large)));

    assertThat(first.isDone()).isFalse();
    assertThat(second.isDone()).isFalse();
    assertThat(third.errors).singleElement().isInstanceOf(QueueFullException.class);
  }

  @Test
  void aStreamRequestsNoMoreThanThePausedTableHolds() {
    BatchFlow flow = flow(holding(10).build()).build();
    TableControl events = paused(flow, EVENTS);
    List<Long> given = new ArrayList<>();
    Rows.Probe<Long> stream =
        watch(
            flow.submitAll(Flux.range(0, 5_000).map(id -> event(id)).doOnNext(r -> given.add(1L)))
                .filter(Outcome::isWritten)
                .count());

    time.advanceTimeBy(Duration.ofHours(1));
    assertThat(given).hasSizeBetween(10, 200);
    assertThat(flow.stats().ledger().admitted()).isEqualTo(10);
    watch(events.resume());
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(stream.values).containsExactly(5_000L);
    assertThat(assertBalanced(flow).written()).isEqualTo(5_000);
  }

  @Test
  void aCancelledStreamWithdrawsItsHeldRows() {
    BatchFlow flow = flow(holding(10).build()).build();
    TableControl events = paused(flow, EVENTS);
    Rows.Probe<Long> stream = watch(flow.submitAll(Flux.range(0, 50).map(Rows::event)).count());

    stream.subscription.dispose();
    watch(events.resume());
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(writer.attempts()).isZero();
    assertThat(assertBalanced(flow).withdrawn()).isEqualTo(10);
    assertThat(flow.stats().waiting()).isZero();
  }

  @Test
  void heldRowsExpireByTheirDeliveryTimeout() {
    BatchFlow flow =
        flow(holding(2).deliveryTimeout(Duration.ofSeconds(3)).build())
            .maxWait(Duration.ofSeconds(10))
            .build();
    TableControl events = paused(flow, EVENTS);
    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 3);

    time.advanceTimeBy(Duration.ofMillis(2_999));
    assertThat(rows).noneMatch(Rows.Probe::isDone);
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(rows)
        .allSatisfy(
            probe ->
                assertThat(probe.errors).singleElement().isInstanceOf(RowExpiredException.class));
    watch(events.resume());
    assertThat(assertBalanced(flow).notSent()).isEqualTo(2);
    assertThat(flow.stats().turnedAway()).isEqualTo(1);
  }

  @Test
  void aRowWithATimeoutOfItsOwnExpiresWhileItIsHeld() {
    BatchFlow flow = flow(holding(10).build()).build();
    paused(flow, EVENTS);
    Rows.Probe<WriteResult> patient = watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> hasty =
        watch(
            flow.<Long>table(RowMapper.of(EVENTS, (id, row) -> row.set("id", id).set("value", "v")))
                .with(Duration.ofSeconds(1))
                .submit(2L));

    time.advanceTimeBy(Duration.ofMillis(1_001));

    assertThat(hasty.errors).singleElement().isInstanceOf(RowExpiredException.class);
    assertThat(patient.isDone()).isFalse();
  }

  @Test
  void maxDelayDoesNotSendRowsOfAPausedTable() {
    BatchFlow flow = flow(holding(10).build()).build();
    writer.hold();
    submit(flow, EVENTS, 3);
    watch(flow.control("events").pause());

    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(writer.attempts()).isEqualTo(1);
    writer.release();
  }

  @Test
  void aTableMayBePausedBeforeItsFirstRow() {
    BatchFlow flow = flow(holding(10).build()).build();
    TableControl control = paused(flow, OTHER);
    assertThat(control.stats()).isEmpty();

    Rows.Probe<WriteResult> row = watch(flow.submit(row(OTHER, 1, "v")));

    assertThat(row.isDone()).isFalse();
    assertThat(control.stats()).singleElement().returns(true, TableStats::paused);
  }

  @Test
  void aPauseHoldsAllSchemasOfTheTable() {
    Schema narrow = Schema.table("events").columns("id").build();
    BatchFlow flow = flow(holding(10).build()).build();
    TableControl events = paused(flow, EVENTS);

    watch(flow.submit(event(1)));
    watch(flow.submit(narrow.row().set("id", 2L)));
    assertThat(writer.attempts()).isZero();
    assertThat(events.stats()).hasSize(2);
    watch(events.resume());

    assertThat(assertBalanced(flow).written()).isEqualTo(2);
  }

  @Test
  void pauseAndResumeAreIdempotent() {
    BatchFlow flow = flow(holding(10).build()).build();
    TableControl events = flow.control("events");
    assertThat(watch(events.resume()).completions).isEqualTo(1);
    paused(flow, EVENTS);
    paused(flow, EVENTS);
    Rows.Probe<WriteResult> row = watch(flow.submit(event(1)));

    watch(flow.control("events").resume());

    assertThat(row.values).hasSize(1);
    assertThat(flow.health().isUp()).isTrue();
  }

  @Test
  void returningRowsWaitForRoomOfTheFlowAndKeepTheirOrder() {
    BatchFlow flow = flow(holding(50).build()).maxPending(10).concurrency(1).build();
    TableControl events = paused(flow, EVENTS);
    submit(flow, EVENTS, 50);
    writer.answeringAfter(Duration.ofMillis(100), time);

    watch(events.resume());
    List<Rows.Probe<WriteResult>> later = submit(flow, EVENTS, 5);
    watch(events.pause());
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(writer.sizes().stream().mapToInt(size -> size).sum()).isLessThanOrEqualTo(10);
    watch(events.resume());
    time.advanceTimeBy(Duration.ofSeconds(10));

    assertThat(writtenIds(EVENTS).subList(0, 50))
        .isEqualTo(LongStream.range(0, 50).boxed().toList());
    assertThat(later).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(assertBalanced(flow).written()).isEqualTo(55);
  }

  @Test
  void aReturningRowLearnsOfRoomThatAStreamGivesBack() {
    BatchFlow flow =
        flow(holding(10).maxBytes(1_024).build()).maxPendingBytes(1_024).maxWaiters(10).build();
    TableControl events = paused(flow, EVENTS);
    Rows.Probe<WriteResult> large = watch(flow.submit(row(EVENTS, 1, "x".repeat(2_000))));
    TestPublisher<Row> upstream = TestPublisher.create();
    watch(flow.submitAll(upstream.flux()).count());
    upstream.assertMinRequested(1);

    watch(events.resume());
    assertThat(large.isDone()).isFalse();
    upstream.complete();
    time.advanceTime();

    assertThat(large.values).hasSize(1);
  }

  @Test
  void aHeldTableIsNotForgotten() {
    BatchFlow flow = flow(holding(10).build()).build();
    TableControl events = paused(flow, EVENTS);
    Rows.Probe<WriteResult> row = watch(flow.submit(event(1)));
    for (int table = 0; table < 5_000; table++) {
      watch(flow.submit(Schema.table("t" + table).columns("id").build().row().set("id", 1L)));
    }

    assertThat(events.stats()).singleElement().returns(1L, TableStats::queued);
    watch(events.resume());
    assertThat(row.values).hasSize(1);
    assertThat(assertBalanced(flow).written()).isEqualTo(5_001);
  }

  @Test
  void theOldestRowOfAPausedTableIsSeenButNotLate() {
    BatchFlow flow = flow(holding(10).build()).build();
    paused(flow, EVENTS);
    watch(flow.submit(event(1)));

    time.advanceTimeBy(Duration.ofMinutes(5));

    assertThat(flow.stats().oldestAge()).isEqualTo(Duration.ofMinutes(5));
    FlowHealth health = flow.health();
    assertThat(health.status()).isEqualTo(FlowHealth.Status.DEGRADED);
    assertThat(health.reasons()).containsExactly(FlowHealth.Reason.TABLE_PAUSED);
  }
}
