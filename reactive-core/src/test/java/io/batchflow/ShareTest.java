package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.ShareFixture.LOGS;
import static io.batchflow.ShareFixture.ORDERS;
import static io.batchflow.ShareFixture.SHARE;
import static io.batchflow.ShareFixture.pending;
import static io.batchflow.ShareFixture.retune;
import static io.batchflow.ShareFixture.submit;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** A table has at most its share of the rows and slots of a flow. */
class ShareTest {

  private final ShareFixture run = new ShareFixture();

  @Test
  void aFloodHasItsShareOfRowsAndSlotsAndTheRestIsForOthers() {
    BatchFlow flow = run.flow(Map.of("logs", SHARE)).build();
    run.writer.hold();

    List<Rows.Probe<WriteResult>> flood = submit(flow, LOGS, 0, 500);
    assertThat(run.writer.running()).isEqualTo(1);
    assertThat(pending(flow, LOGS)).isEqualTo(30);
    assertThat(flow.stats().waiting()).isEqualTo(470);
    submit(flow, ORDERS, 0, 70);
    assertThat(run.writer.running()).isEqualTo(4);
    assertThat(pending(flow, ORDERS)).isEqualTo(70);
    run.writer.release();
    run.time.advanceTime();

    assertThat(flood).allMatch(probe -> probe.errors.isEmpty() && probe.completions == 1);
    assertThat(
            run.writer.rows().stream()
                .filter(row -> row.schema().equals(LOGS))
                .map(row -> row.value(0)))
        .isEqualTo(LongStream.range(0, 500).boxed().toList());
    assertThat(assertBalanced(flow).written()).isEqualTo(570);
  }

  /** The share is of the table, whatever the number of its schemas. */
  @Test
  void theSchemasOfATableHaveOneShare() {
    Schema narrow = Schema.table("logs").columns("id").build();
    BatchFlow flow = run.flow(Map.of("logs", SHARE)).build();
    run.writer.hold();

    submit(flow, LOGS, 0, 20);
    for (long id = 0; id < 20; id++) {
      watch(flow.submit(narrow.row().set("id", id)));
    }

    assertThat(run.writer.running()).isEqualTo(1);
    assertThat(pending(flow, LOGS)).isEqualTo(30);
    run.writer.release();
    run.time.advanceTime();
    assertThat(assertBalanced(flow).written()).isEqualTo(40);
  }

  @Test
  void aRowThatMayNotWaitLearnsThatItsTableHasItsShare() {
    BatchFlow flow =
        run.flow(Map.of("logs", SHARE.toBuilder().overflow(Overflow.FAIL).build())).build();
    run.writer.hold();

    List<Rows.Probe<WriteResult>> flood = submit(flow, LOGS, 0, 31);

    assertThat(flood.get(30).errors.get(0))
        .isInstanceOfSatisfying(
            QueueFullException.class, full -> assertThat(full.isShareTaken()).isTrue())
        .hasMessageContaining("has its share of the flow, 30 of maxPending (100) rows");
    submit(flow, ORDERS, 0, 1);
    run.writer.release();
    assertThat(assertBalanced(flow).written()).isEqualTo(31);
    assertThat(flow.stats().turnedAway()).isEqualTo(1);
  }

  /**
   * The table of a row is known only when the row is there, so the few that were requested wait.
   */
  @Test
  void aStreamRequestsNoMoreRowsOfATableThatHasItsShare() {
    BatchFlow flow = run.flow(Map.of("logs", SHARE)).build();
    run.writer.hold();
    TestSubscriber<Outcome<Row>> outcomes = TestSubscriber.create();

    flow.submitAll(Flux.range(0, 500).map(id -> row(LOGS, id, "v"))).subscribe(outcomes);

    assertThat(pending(flow, LOGS)).isEqualTo(30);
    assertThat(flow.stats().waiting()).isLessThanOrEqualTo(64);
    submit(flow, ORDERS, 0, 20);
    assertThat(pending(flow, ORDERS)).isEqualTo(20);
    run.writer.release();
    run.time.advanceTime();
    assertThat(outcomes.getReceivedOnNext()).hasSize(500).allMatch(Outcome::isWritten);
    assertThat(assertBalanced(flow).written()).isEqualTo(520);
  }

  @Test
  void rowsThatWaitMayBeCancelledOrWaitTooLong() {
    BatchFlow flow =
        run.flow(Map.of("logs", SHARE)).maxWait(Duration.ofSeconds(1)).maxWaiters(2).build();
    run.writer.hold();
    List<Rows.Probe<WriteResult>> rows = submit(flow, LOGS, 0, 33);

    assertThat(rows.get(32).errors).singleElement().isInstanceOf(QueueFullException.class);
    rows.get(30).subscription.dispose();
    assertThat(flow.stats().waiting()).isEqualTo(1);
    run.time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(rows.get(31).errors)
        .singleElement()
        .asString()
        .contains("has its share of the flow, 30");
    assertThat(flow.stats().waiting()).isZero();
    run.writer.release();
    submit(flow, LOGS, 33, 40);
    assertThat(assertBalanced(flow).written()).isEqualTo(37);
  }

  /** Its rows would otherwise wait for rows that cannot come. */
  @Test
  void windowsOfATableThatHasItsShareDoNotWaitForMoreRows() {
    Schema narrow = Schema.table("logs").columns("id").build();
    BatchFlow flow = run.flow(Map.of("logs", patient().maxSize(30).share(0.3).build())).build();
    submit(flow, LOGS, 0, 20);
    assertThat(run.writer.sizes()).isEmpty();

    for (long id = 0; id < 11; id++) {
      watch(flow.submit(narrow.row().set("id", id)));
    }

    assertThat(run.writer.sizes()).contains(20);
    watch(flow.flush());
    assertThat(assertBalanced(flow).written()).isEqualTo(31);
  }

  @Test
  void aCloseWritesTheRowsThatWait() {
    BatchFlow flow = run.flow(Map.of("logs", SHARE)).build();
    run.writer.hold();
    submit(flow, LOGS, 0, 100);

    Rows.Probe<Void> closed = watch(flow.close());
    run.writer.release();
    run.time.advanceTime();

    assertThat(closed.completions).isEqualTo(1);
    assertThat(assertBalanced(flow).written()).isEqualTo(100);
  }

  @Test
  void aCloseAtItsDeadlineEndsTheRowsThatWait() {
    BatchFlow flow = run.flow(Map.of("logs", SHARE)).closeTimeout(Duration.ofSeconds(5)).build();
    run.writer.hold();
    List<Rows.Probe<WriteResult>> rows = submit(flow, LOGS, 0, 100);

    Rows.Probe<Void> closed = watch(flow.close());
    run.time.advanceTimeBy(Duration.ofSeconds(10));

    assertThat(closed.isDone()).isTrue();
    assertThat(rows).allMatch(Rows.Probe::isDone);
    assertBalanced(flow);
  }

  /** Held rows of a paused table do not count; when they return they do. */
  @Test
  void aPausedTableReturnsIntoItsShare() {
    BatchFlow flow = run.flow(Map.of("logs", SHARE)).build();
    run.writer.hold();
    submit(flow, LOGS, 0, 40);
    watch(flow.control("logs").pause());
    submit(flow, LOGS, 40, 60);
    run.writer.release();
    run.writer.hold();

    watch(flow.control("logs").resume());
    assertThat(run.writer.running()).isEqualTo(1);
    run.writer.release();
    run.time.advanceTime();

    assertThat(run.writer.rows().stream().map(row -> row.value(0)))
        .isEqualTo(LongStream.range(0, 60).boxed().toList());
    assertThat(assertBalanced(flow).written()).isEqualTo(60);
  }

  @Test
  void aShareChangesWhileRowsAreThere() {
    BatchFlow flow = run.flow(Map.of()).build();
    run.writer.hold();
    submit(flow, LOGS, 0, 50);
    assertThat(run.writer.running()).isEqualTo(4);

    assertThat(retune(flow, LOGS, policy -> policy.share(0.3)).errors).isEmpty();
    submit(flow, LOGS, 50, 80);
    assertThat(pending(flow, LOGS)).isEqualTo(50);
    assertThat(retune(flow, LOGS, policy -> policy.share(0.6)).errors).isEmpty();
    assertThat(pending(flow, LOGS)).isEqualTo(60);
    assertThat(retune(flow, LOGS, policy -> policy.share(1)).errors).isEmpty();
    assertThat(pending(flow, LOGS)).isEqualTo(80);
    run.writer.release();
    run.time.advanceTime();

    assertThat(assertBalanced(flow).written()).isEqualTo(80);
  }
}
