package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.internal.lane.LaneMap;
import io.batchflow.stats.FlowStats;
import io.batchflow.stats.TableStats;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;

class StatsTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  @Test
  void aSnapshotTellsWhatIsWhere() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(2).build())
            .maxPending(5)
            .concurrency(1)
            .build();
    writer.hold();
    Schema other = Schema.table("other").columns("id", "value").build();
    watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(3));
    watch(flow.submit(event(2)));
    for (int i = 0; i < 3; i++) {
      watch(flow.submit(row(other, i, "x")));
    }
    watch(flow.submit(event(9)));
    time.advanceTimeBy(Duration.ofSeconds(1));

    FlowStats stats = flow.stats();

    assertThat(stats.capacity()).isEqualTo(5);
    assertThat(stats.inFlight()).isEqualTo(2);
    assertThat(stats.queued()).isEqualTo(3);
    assertThat(stats.waiting()).isEqualTo(1);
    assertThat(stats.longestWait()).isEqualTo(Duration.ofSeconds(1));
    assertThat(stats.writing()).isEqualTo(1);
    assertThat(stats.concurrency()).isEqualTo(1);
    assertThat(stats.oldestAge()).isEqualTo(Duration.ofSeconds(4));
    assertThat(stats.batches()).isEqualTo(1);
    TableStats events =
        stats.tables().stream().filter(t -> t.schema().equals(EVENTS)).findFirst().orElseThrow();
    assertThat(events.inFlight()).isEqualTo(2);
    assertThat(events.queued()).isZero();
    assertThat(events.oldestAge()).isEqualTo(Duration.ofSeconds(4));
    assertThatThrownBy(() -> LedgerAssertionsProbe.check(flow))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("5 submissions without an outcome");

    writer.release();
    flow.close().subscribe();
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(assertBalanced(flow).written()).isEqualTo(6);
    assertThat(flow.stats().oldestAge()).isZero();
    assertThat(flow.stats().longestWait()).isZero();
    assertThat(flow.stats().writing()).isZero();
  }

  @Test
  void theLongestWaitIsThatOfWhoeverIsFirstInLine() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).build())
            .maxPending(1)
            .concurrency(1)
            .build();
    writer.hold();
    watch(flow.submit(event(1)));
    assertThat(flow.stats().longestWait()).isZero();
    Rows.Probe<WriteResult> first = watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofSeconds(2));
    Rows.Probe<Long> stream = watch(flow.submitAll(Flux.just(event(3))).count());
    time.advanceTimeBy(Duration.ofSeconds(2));
    watch(flow.submit(event(4)));
    time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(flow.stats().longestWait()).isEqualTo(Duration.ofSeconds(5));
    first.subscription.dispose();
    assertThat(flow.stats().longestWait()).isEqualTo(Duration.ofSeconds(3));
    stream.subscription.dispose();
    assertThat(flow.stats().longestWait()).isEqualTo(Duration.ofSeconds(1));
    writer.release();
    assertThat(flow.stats().longestWait()).isZero();
    assertBalanced(flow);
  }

  @Test
  void eachBatchThatIsBeingWrittenHoldsASlot() {
    BatchFlow flow =
        Rows.flow(writer, time).defaultPolicy(patient().maxSize(1).build()).concurrency(3).build();
    writer.hold();
    watch(flow.submit(event(1)));
    assertThat(flow.stats().writing()).isEqualTo(1);
    watch(flow.submit(event(2)));

    assertThat(flow.stats().writing()).isEqualTo(2);
    assertThat(flow.stats().concurrency()).isEqualTo(3);
    writer.release();
    assertThat(flow.stats().writing()).isZero();
    assertBalanced(flow);
  }

  private static final class LedgerAssertionsProbe {
    static void check(BatchFlow flow) {
      assertBalanced(flow);
    }
  }

  @Test
  void tablesBeyondTheRememberedOnesAreForgottenAndTheirCountsKept() {
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(patient().maxSize(1).build()).build();
    int tables = LaneMap.REMEMBERED + 2_000;

    for (int i = 0; i < tables; i++) {
      watch(flow.submit(row(Schema.table("t" + i).columns("id", "value").build(), i, "x")));
    }

    assertThat(flow.stats().tables()).hasSizeLessThanOrEqualTo(LaneMap.REMEMBERED);
    assertThat(assertBalanced(flow).written()).isEqualTo(tables);
    assertThat(flow.stats().batches()).isEqualTo(tables);
  }

  @Test
  void listenersAreToldEverythingInItsOrderAndCannotHarm() {
    List<String> told = new ArrayList<>();
    BatchListener recorder =
        new BatchListener() {
          @Override
          public void onStarted(FlowView flow) {
            told.add("started with " + flow.stats().ledger().admitted());
          }

          @Override
          public void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {
            told.add("turned away");
          }

          @Override
          public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
            told.add("sealed " + rows + " " + reason);
          }

          @Override
          public void onRetry(Batch batch, int attempt, Throwable failure) {
            told.add("retry " + batch.size() + " after " + attempt);
          }

          @Override
          public void onSplit(Batch batch, Throwable failure) {
            told.add("split " + batch.size());
          }

          @Override
          public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
            told.add("written " + batch.size() + " by " + attempts);
          }

          @Override
          public void onFailed(Batch batch, BatchFlowException error, int attempts, Duration took) {
            told.add("failed " + batch.size() + " by " + attempts + ", " + error.status());
          }

          @Override
          public void onDurable(Schema schema, int rows, Duration longest) {
            told.add("durable " + rows);
          }

          @Override
          public void onNotWritten(Outcome<Row> outcome, ContextView context) {
            told.add("not written " + outcome.status());
          }
        };
    BatchListener harmful =
        new BatchListener() {
          @Override
          public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
            throw new IllegalStateException("listener");
          }
        };
    writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    writer.rejecting(row -> row.value("value").equals("bad"));
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(2).build())
            .listener(harmful)
            .listener(recorder)
            .build();

    watch(flow.submitAll(Flux.just(event(1), row(EVENTS, 2, "bad"), event(3))).count());
    time.advanceTimeBy(Duration.ofSeconds(5));
    flow.close().subscribe();
    watch(flow.submit(event(4)));

    assertThat(told)
        .containsExactly(
            "started with 0",
            "sealed 2 ROWS",
            "retry 2 after 1",
            "split 2",
            "written 1 by 1",
            "failed 1 by 1, REJECTED",
            "durable 1",
            "not written REJECTED",
            "sealed 1 CLOSE",
            "written 1 by 1",
            "durable 1",
            "turned away");
  }
}
