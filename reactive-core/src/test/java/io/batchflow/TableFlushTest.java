package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.control.TableControl;
import io.batchflow.stats.Ledger;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The flush of one table, and what flush and close do to paused tables. */
class TableFlushTest {

  private static final Schema OTHER = Schema.table("other").columns("id", "value").build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final List<SealReason> reasons = new ArrayList<>();

  private BatchFlow.Builder flow() {
    return Rows.flow(writer, time)
        .defaultPolicy(patient().maxSize(10).build())
        .listener(
            new BatchListener() {
              @Override
              public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
                reasons.add(reason);
              }
            });
  }

  @Test
  void itSendsTheRowsOfThatTableAlone() {
    BatchFlow flow = flow().build();
    Rows.Probe<WriteResult> event = watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> other = watch(flow.submit(row(OTHER, 1, "v")));

    Rows.Probe<Void> flushed = watch(flow.control("events").flush());

    assertThat(flushed.completions).isEqualTo(1);
    assertThat(event.values).hasSize(1);
    assertThat(other.isDone()).isFalse();
    assertThat(reasons).containsExactly(SealReason.FLUSH);
  }

  @Test
  void itCompletesWhenAllBeforeItHasEndedAndNotLater() {
    BatchFlow flow = flow().concurrency(1).build();
    TableControl events = flow.control("events");
    writer.answeringAfter(Duration.ofSeconds(1), time);
    watch(flow.submit(event(1)));

    Rows.Probe<Void> first = watch(events.flush());
    Rows.Probe<WriteResult> after = watch(flow.submit(event(2)));
    Rows.Probe<Void> second = watch(events.flush());
    time.advanceTimeBy(Duration.ofMillis(999));
    assertThat(first.isDone()).isFalse();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(first.completions).isEqualTo(1);
    assertThat(second.isDone()).isFalse();
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(second.completions).isEqualTo(1);
    assertThat(after.values).hasSize(1);
  }

  @Test
  void itCoversRowsThatWaitForRoom() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(2).build())
            .maxPending(2)
            .concurrency(1)
            .build();
    writer.hold();
    Rows.Probe<Long> submitted =
        watch(Flux.range(0, 5).flatMap(id -> flow.submit(event(id))).count());

    Rows.Probe<Void> flushed = watch(flow.control("events").flush());
    assertThat(flushed.isDone()).isFalse();
    writer.release();

    assertThat(submitted.values).containsExactly(5L);
    assertThat(flushed.completions).isEqualTo(1);
  }

  @Test
  void itDoesNotWaitForARowThatIsWithdrawn() {
    BatchFlow flow = flow().build();
    writer.hold();
    watch(flow.control("events").pause());
    Rows.Probe<WriteResult> row = watch(flow.submit(event(1)));
    Rows.Probe<Void> flushed = watch(flow.control("events").flush());
    assertThat(flushed.isDone()).isFalse();

    row.subscription.dispose();

    assertThat(flushed.completions).isEqualTo(1);
  }

  @Test
  void itCompletesAtOnceForATableWithoutRowsAndForAClosedFlow() {
    BatchFlow flow = flow().build();
    assertThat(watch(flow.control("events").flush()).completions).isEqualTo(1);
    watch(flow.submit(event(1)));
    watch(flow.control("events").flush());
    assertThat(watch(flow.control("events").flush()).completions).isEqualTo(1);

    watch(flow.close());

    assertThat(watch(flow.control("events").flush()).completions).isEqualTo(1);
  }

  @Test
  void flushesOfAPausedTableCompleteAfterItsResume() {
    BatchFlow flow = flow().build();
    TableControl events = flow.control("events");
    watch(events.pause());
    watch(flow.submit(event(1)));
    watch(flow.submit(row(OTHER, 1, "v")));

    Rows.Probe<Void> ofTable = watch(events.flush());
    Rows.Probe<Void> ofFlow = watch(flow.flush());
    time.advanceTimeBy(Duration.ofHours(1));
    assertThat(ofTable.isDone()).isFalse();
    assertThat(ofFlow.isDone()).isFalse();
    assertThat(writer.rows()).hasSize(1);
    watch(events.resume());

    assertThat(ofTable.completions).isEqualTo(1);
    assertThat(ofFlow.completions).isEqualTo(1);
    assertThat(reasons).containsExactly(SealReason.FLUSH, SealReason.FLUSH);
  }

  @Test
  void closeWritesTheRowsOfPausedTables() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(10).maxPausedRows(30).build())
            .maxPending(10)
            .build();
    TableControl events = flow.control("events");
    watch(events.pause());
    Rows.Probe<Long> rows = watch(Flux.range(0, 35).flatMap(id -> flow.submit(event(id))).count());

    Rows.Probe<Void> closed = watch(flow.close());

    assertThat(rows.values).containsExactly(35L);
    assertThat(closed.completions).isEqualTo(1);
    assertThat(events.isPaused()).isFalse();
    assertThat(assertBalanced(flow).written()).isEqualTo(35);
  }

  @Test
  void atTheDeadlineOfCloseHeldRowsAreNotSent() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(BatchPolicy.builder().maxSize(1).maxPausedRows(5).build())
            .maxPending(1)
            .concurrency(1)
            .build();
    watch(flow.control("events").pause());
    List<Rows.Probe<WriteResult>> rows = new ArrayList<>();
    for (int id = 0; id < 7; id++) {
      rows.add(watch(flow.submit(event(id))));
    }
    writer.hold();

    Rows.Probe<Void> closed = watch(flow.close(Duration.ofSeconds(5)));
    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(closed.completions).isEqualTo(1);
    assertThat(rows.get(0).errors.get(0)).isInstanceOf(UnknownOutcomeException.class);
    assertThat(rows.subList(1, 7))
        .allSatisfy(
            probe -> assertThat(probe.errors.get(0)).isInstanceOf(FlowClosedException.class));
    Ledger ledger = assertBalanced(flow);
    assertThat(ledger.unknown()).isEqualTo(1);
    assertThat(ledger.notSent()).isEqualTo(5); // one got the place of the row in flight
    assertThat(flow.stats().turnedAway()).isEqualTo(1);
  }

  @Test
  void aFlowThatClosesOrIsClosedPausesNothing() {
    BatchFlow flow = flow().build();
    TableControl events = flow.control(EVENTS.table());
    writer.hold();
    watch(flow.submit(event(1)));
    Rows.Probe<Void> closed = watch(flow.close());

    Rows.Probe<Void> closing = watch(events.pause());
    assertThat(closed.isDone()).isFalse();
    writer.release();
    Rows.Probe<Void> late = watch(events.pause());

    for (Rows.Probe<Void> pause : List.of(closing, late)) {
      assertThat(pause.errors)
          .singleElement()
          .isInstanceOf(FlowClosedException.class)
          .asString()
          .contains("'events'");
    }
    assertThat(watch(events.resume()).completions).isEqualTo(1);
  }
}
