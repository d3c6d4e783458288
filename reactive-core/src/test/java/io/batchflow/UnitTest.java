package io.batchflow;

import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Units pass through a flow as rows do. */
class UnitTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private BatchFlow flow = flow(patient()).build();

  private BatchFlow.Builder flow(BatchPolicy.Builder policy) {
    return Rows.flow(writer, time).policy(Unit.SCHEMA, policy.build()).concurrency(1);
  }

  /** An event and two rows of another table. */
  private static List<Row> unit(long id) {
    return List.of(event(id), row(UPSERTS, id, "u"), row(UPSERTS, -id, "u"));
  }

  private List<List<Row>> written() {
    return writer.rows().stream().map(Unit::rows).toList();
  }

  private void flush() {
    watch(flow.flush());
    time.advanceTime();
  }

  @AfterEach
  void everyUnitHasAnOutcome() {
    watch(flow.close());
    time.advanceTimeBy(Duration.ofMinutes(1));
    LedgerAssertions.assertBalanced(flow);
  }

  @Test
  void unitsOfManyCallersShareABatchAndKeepTheOrderOfTheirRows() {
    List<List<Row>> units = List.of(unit(3), unit(1), unit(2));
    List<Rows.Probe<WriteResult>> probes =
        units.stream().map(rows -> watch(flow.submitTogether(rows))).toList();
    assertThat(writer.attempts()).isZero();
    flush();

    assertThat(writer.sizes()).containsExactly(3);
    assertThat(writer.batches().get(0).schema()).isEqualTo(Unit.SCHEMA);
    assertThat(written()).isEqualTo(units);
    assertThat(probes).allMatch(probe -> probe.values.size() == 1);
    assertThat(probes.get(0).values.get(0).batchSize()).isEqualTo(3);
    assertThat(flow.stats().ledger().written()).isEqualTo(3);
  }

  @Test
  void rowsOfTheSameTablesHaveBatchesOfTheirOwn() {
    watch(flow.submit(event(1)));
    watch(flow.submitTogether(unit(2)));
    flush();

    assertThat(writer.batches())
        .extracting(Batch::schema)
        .containsExactlyInAnyOrder(Rows.EVENTS, Unit.SCHEMA);
  }

  @Test
  void theListMayChangeAfterTheCall() {
    List<Row> rows = new ArrayList<>(unit(1));
    Mono<WriteResult> submission = flow.submitTogether(rows);
    rows.clear();
    watch(submission);
    flush();

    assertThat(written().get(0)).hasSize(3);
  }

  @Test
  void aUnitOfAQuietFlowLeavesAtOnce() {
    flow = flow(BatchPolicy.builder()).build();
    Rows.Probe<WriteResult> alone = watch(flow.submitTogether(unit(1)));
    time.advanceTime();

    assertThat(alone.values).hasSize(1);
  }

  @Test
  void aCancelledUnitIsNotWritten() {
    Rows.Probe<WriteResult> cancelled = watch(flow.submitTogether(unit(1)));
    List<Row> other = unit(2);
    watch(flow.submitTogether(other));
    cancelled.subscription.dispose();
    flush();

    assertThat(written()).containsExactly(other);
    assertThat(flow.stats().ledger().withdrawn()).isEqualTo(1);
  }

  @Test
  void aUnitExpiresAsAWhole() {
    flow =
        flow(BatchPolicy.builder()
                .maxDelay(Duration.ofSeconds(4))
                .lingerWhenIdle(true)
                .deliveryTimeout(Duration.ofSeconds(5)))
            .build();
    writer.hold();
    watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> late = watch(flow.submitTogether(unit(2)));
    time.advanceTimeBy(Duration.ofSeconds(6));
    writer.release();

    assertThat(late.errors)
        .singleElement()
        .isInstanceOfSatisfying(
            RowExpiredException.class, expired -> assertThat(Unit.rows(expired.row())).hasSize(3));
  }

  @Test
  void aBatchIsLimitedByTheBytesOfAllRowsOfItsUnits() {
    int bytes = Unit.of(unit(1)).estimatedBytes();
    int rows = unit(1).stream().mapToInt(row -> row.freeze().estimatedBytes()).sum();
    assertThat(bytes).isGreaterThan(rows);
    flow = flow(patient().maxBytes(2L * bytes)).build();
    for (int i = 0; i < 4; i++) {
      watch(flow.submitTogether(unit(1)));
    }
    flush();

    assertThat(writer.sizes()).containsExactly(2, 2);
  }

  @Test
  void aUnitTakesTheRoomOfAllItsBytes() {
    long room = 2L * Unit.of(unit(1)).estimatedBytes() + 256;
    flow =
        flow(patient().maxBytes(room).overflow(Overflow.FAIL))
            .defaultPolicy(BatchPolicy.builder().maxBytes(room).build())
            .maxPendingBytes(room)
            .build();
    writer.hold();
    watch(flow.submitTogether(unit(1)));
    Rows.Probe<WriteResult> second = watch(flow.submitTogether(unit(2)));
    Rows.Probe<WriteResult> third = watch(flow.submitTogether(unit(3)));
    writer.release();

    assertThat(second.errors).isEmpty();
    assertThat(third.errors).singleElement().isInstanceOf(QueueFullException.class);
  }

  @Test
  void unitsCanBeStreamedWithTags() {
    flow = flow(BatchPolicy.builder()).build();
    List<Object> told = new ArrayList<>();
    flow.submitAll(Flux.range(0, 100).map(i -> Unit.of(unit(i)).tag(i)))
        .subscribe(outcome -> told.add(outcome.value().tag()));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(told).hasSize(100).doesNotHaveDuplicates();
    assertThat(written()).hasSize(100);
  }

  @Test
  void unitsThatWereNotSentEndAsNotSentAtTheDeadlineOfClose() {
    writer.hold();
    flow = flow(BatchPolicy.builder().maxSize(1)).build();
    watch(flow.submitTogether(unit(1)));
    Rows.Probe<WriteResult> waiting = watch(flow.submitTogether(unit(2)));
    time.advanceTime();
    watch(flow.close(Duration.ofSeconds(5)));
    time.advanceTimeBy(Duration.ofSeconds(10));

    assertThat(waiting.errors).singleElement().isInstanceOf(FlowClosedException.class);
    assertThat(flow.stats().ledger().unknown()).isEqualTo(1);
    assertThat(flow.stats().ledger().notSent()).isEqualTo(1);
  }

  @Test
  void aClosedFlowTurnsUnitsAway() {
    watch(flow.close());
    time.advanceTime();

    assertThat(watch(flow.submitTogether(unit(1))).errors)
        .singleElement()
        .isInstanceOf(FlowClosedException.class);
  }
}
