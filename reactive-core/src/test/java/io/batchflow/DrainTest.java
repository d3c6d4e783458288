package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.control.TableControl;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A drained table takes no rows, and writes those that it has. */
class DrainTest {

  private static final Schema OTHER = Schema.table("other").columns("id", "value").build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow =
      Rows.flow(writer, time).defaultPolicy(Rows.patient().maxSize(10).build()).build();
  private final TableControl events = flow.control("events");

  private List<Rows.Probe<WriteResult>> submit(int rows) {
    return LongStream.range(0, rows).mapToObj(id -> watch(flow.submit(event(id)))).toList();
  }

  @Test
  void waitingRowsAreWrittenAndNewOnesAreTurnedAway() {
    writer.hold();
    List<Rows.Probe<WriteResult>> before = submit(25);

    Rows.Probe<Void> drain = watch(events.drain());
    Rows.Probe<WriteResult> after = watch(flow.submit(event(99)));
    assertThat(drain.isDone()).isFalse();
    writer.release();
    time.advanceTime();

    assertThat(drain.completions).isEqualTo(1);
    assertThat(events.isDrained()).isTrue();
    assertThat(before).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(after.errors)
        .singleElement()
        .isInstanceOfSatisfying(
            FlowClosedException.class,
            error -> {
              assertThat(error.status()).isEqualTo(OutcomeStatus.NOT_SENT);
              assertThat(error.table()).isEqualTo("events");
              assertThat(error.isTableDrained()).isTrue();
            });
    assertThat(assertBalanced(flow).notSent()).isEqualTo(1);
  }

  @Test
  void otherTablesGoOn() {
    watch(events.drain());

    Rows.Probe<WriteResult> other = watch(flow.submit(row(OTHER, 1, "v")));
    watch(flow.flush());
    time.advanceTime();

    assertThat(other.values).hasSize(1);
  }

  @Test
  void aResumedTableTakesRowsAgain() {
    watch(events.drain());
    watch(events.resume());

    Rows.Probe<WriteResult> row = watch(flow.submit(event(1)));
    watch(flow.flush());
    time.advanceTime();

    assertThat(events.isDrained()).isFalse();
    assertThat(row.values).hasSize(1);
  }

  @Test
  void theHeldRowsOfAPausedTableAreWritten() {
    watch(events.pause());
    List<Rows.Probe<WriteResult>> held = submit(25);

    Rows.Probe<Void> drain = watch(events.drain());
    time.advanceTime();

    assertThat(drain.completions).isEqualTo(1);
    assertThat(events.isPaused()).isFalse();
    assertThat(held).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
  }

  @Test
  void aPausedTableTakesRowsAgain() {
    watch(events.drain());
    watch(events.pause());

    Rows.Probe<WriteResult> held = watch(flow.submit(event(1)));
    assertThat(held.isDone()).isFalse();
    watch(events.drain());
    time.advanceTime();

    assertThat(held.values).hasSize(1);
  }

  @Test
  void aStreamGoesOnWithOtherTables() {
    watch(events.drain());

    Rows.Probe<List<Outcome<Row>>> stream =
        watch(flow.submitAll(Flux.just(event(1), row(OTHER, 2, "v"), event(3))).collectList());
    watch(flow.flush());
    time.advanceTime();

    assertThat(stream.values)
        .singleElement()
        .satisfies(outcomes -> assertThat(outcomes).hasSize(3));
    assertThat(stream.values.get(0)).filteredOn(Outcome::isWritten).hasSize(1);
    assertThat(assertBalanced(flow).notSent()).isEqualTo(2);
  }

  @Test
  void rowsThatWaitForRoomBeforeTheDrainAreWritten() {
    BatchFlow small =
        Rows.flow(writer, time)
            .defaultPolicy(BatchPolicy.builder().maxSize(2).build())
            .maxPending(2)
            .concurrency(1)
            .build();
    writer.hold();
    List<Rows.Probe<WriteResult>> rows =
        LongStream.range(0, 6).mapToObj(id -> watch(small.submit(event(id)))).toList();
    assertThat(small.stats().waiting()).isPositive();

    Rows.Probe<Void> drain = watch(small.control("events").drain());
    Rows.Probe<WriteResult> after = watch(small.submit(event(9)));
    writer.release();
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(drain.completions).isEqualTo(1);
    assertThat(rows).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(after.errors).singleElement().isInstanceOf(FlowClosedException.class);
    assertBalanced(small);
  }

  @Test
  void aClosedFlowIsNotDrained() {
    watch(flow.close());
    time.advanceTime();

    assertThat(watch(events.drain()).errors)
        .singleElement()
        .isInstanceOf(FlowClosedException.class);
  }
}
