package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/**
 * A row waits for others only while a batch of its table is in flight. It leaves when that batch
 * returns, when a batch is full, or after {@code maxDelay}.
 */
class IdleLaneTest {

  private static final Duration DELAY = BatchPolicy.defaults().maxDelay();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final List<SealReason> reasons = new ArrayList<>();

  private BatchFlow.Builder flow(int maxSize) {
    return Rows.flow(writer, time)
        .defaultPolicy(BatchPolicy.builder().maxSize(maxSize).build())
        .listener(
            new BatchListener() {
              @Override
              public void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {
                reasons.add(reason);
              }
            });
  }

  private static void submit(BatchFlow flow, Schema schema, int from, int to) {
    for (int id = from; id < to; id++) {
      watch(flow.submit(row(schema, id, "x")));
    }
  }

  @Test
  void aRowLeavesAtOnceWhileNothingOfItsTableIsInFlight() {
    BatchFlow flow = flow(100).build();

    Rows.Probe<WriteResult> first = watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> second = watch(flow.submit(event(2)));

    assertThat(first.values).hasSize(1);
    assertThat(second.values).hasSize(1);
    assertThat(writer.sizes()).containsExactly(1, 1);
    assertThat(reasons).containsExactly(SealReason.IDLE, SealReason.IDLE);
  }

  @Test
  void rowsThatComeMeanwhileLeaveTogetherWhenTheBatchReturns() {
    BatchFlow flow = flow(100).build();
    writer.hold();

    submit(flow, EVENTS, 0, 8);
    assertThat(writer.running()).isEqualTo(1);
    writer.release();
    time.advanceTime();

    assertThat(writer.sizes()).containsExactly(1, 7);
    assertThat(reasons).containsExactly(SealReason.IDLE, SealReason.IDLE);
    assertThat(assertBalanced(flow).written()).isEqualTo(8);
  }

  @Test
  void aFullBatchDoesNotWaitForTheOneInFlight() {
    BatchFlow flow = flow(5).build();
    writer.hold();

    submit(flow, EVENTS, 0, 8);

    assertThat(writer.running()).isEqualTo(2);
    assertThat(reasons).containsExactly(SealReason.IDLE, SealReason.ROWS);
    assertThat(flow.stats().queued()).isEqualTo(2);
  }

  @Test
  void rowsWaitForTheBatchInFlightNoLongerThanMaxDelay() {
    BatchFlow flow = flow(100).build();
    writer.hold();

    submit(flow, EVENTS, 0, 3);
    time.advanceTimeBy(DELAY.minusMillis(1));
    assertThat(writer.running()).isEqualTo(1);
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(writer.running()).isEqualTo(2);
    assertThat(reasons).containsExactly(SealReason.IDLE, SealReason.AGE);
  }

  @Test
  void aBatchThatWaitsForItsRetryIsInFlight() {
    writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    BatchFlow flow = flow(100).retry(Retry.fixedDelay(1, Duration.ofMillis(5))).build();

    submit(flow, EVENTS, 0, 3);
    assertThat(writer.attempts()).isEqualTo(1);
    time.advanceTimeBy(Duration.ofMillis(5));

    assertThat(writer.sizes()).containsExactly(1, 2);
  }

  @Test
  void tablesDoNotWaitForOneAnother() {
    Schema other = Schema.table("other").columns("id", "value").build();
    BatchFlow flow = flow(100).build();
    writer.hold();

    submit(flow, EVENTS, 0, 3);
    submit(flow, other, 0, 1);

    assertThat(writer.running()).isEqualTo(2);
    assertThat(flow.stats().queued()).isEqualTo(2);
  }

  /** Otherwise an ordered table with few rows would get a small batch for each window. */
  @Test
  void keysThatAreSharedOutAmongWindowsLeaveInOneBatch() {
    BatchFlow flow = flow(100).concurrency(4).build();
    writer.hold();

    submit(flow, UPSERTS, 0, 41);
    writer.release();
    time.advanceTime();

    assertThat(writer.sizes()).containsExactly(1, 40);
    assertThat(writer.rows().stream().map(row -> row.value("id")).distinct()).hasSize(41);
  }

  /**
   * A window that does not fit as a whole is left for the next batch, and no key is in flight
   * twice.
   */
  @Test
  void windowsThatDoNotFitInOneBatchLeaveInSeveral() {
    BatchFlow flow = flow(30).concurrency(4).build();
    writer.hold();

    submit(flow, UPSERTS, 0, 61);
    writer.release();
    time.advanceTimeBy(DELAY);

    assertThat(writer.sizes()).allMatch(size -> size <= 30).hasSizeBetween(3, 6);
    assertThat(assertBalanced(flow).written()).isEqualTo(61);
  }

  @Test
  void aLaterRowOfAKeyWaitsForTheEarlierOne() {
    BatchFlow flow = flow(100).concurrency(4).build();
    writer.hold();

    submit(flow, UPSERTS, 0, 5);
    time.advanceTimeBy(DELAY); // windows besides the one in flight leave by age
    int running = writer.running();
    submit(flow, UPSERTS, 0, 5);
    time.advanceTimeBy(DELAY);
    assertThat(writer.running()).isEqualTo(running);
    writer.release();
    time.advanceTime();

    assertThat(assertBalanced(flow).written()).isEqualTo(10);
  }
}
