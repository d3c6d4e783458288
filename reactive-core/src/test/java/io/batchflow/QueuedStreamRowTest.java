package io.batchflow;

import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How rows of streams end that queue behind waiting submissions. */
class QueuedStreamRowTest extends StreamOrderFixture {

  @Test
  void rowsOfACancelledStreamLeaveTheLine() {
    BatchFlow flow = flowOf(2).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(1)));
    source.give(event(2));

    source.cancel();

    assertThat(flow.stats().waiting()).isZero();
    writer.release();
    assertThat(waiter.values).hasSize(1);
    assertThat(written()).containsExactly(100L, 1L);
    assertBalanced(flow);
  }

  @Test
  void flushWaitsForRowsInLine() {
    BatchFlow flow = flowOf(2).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    watch(flow.submit(event(1)));
    source.give(event(2));

    Rows.Probe<Void> flushed = watch(flow.flush());
    assertThat(flushed.isDone()).isFalse();
    writer.release();

    assertThat(flushed.completions).isEqualTo(1);
    assertThat(source.outcomes).hasSize(1);
  }

  @Test
  void closeWritesRowsInLineUntilItsDeadline() {
    BatchFlow flow = flowOf(2).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    watch(flow.submit(event(1)));
    source.give(event(2));

    Rows.Probe<Void> closed = watch(flow.close(Duration.ofSeconds(1)));
    writer.release();

    assertThat(written()).containsExactly(100L, 1L, 2L);
    assertThat(source.outcomes).allMatch(Outcome::isWritten).hasSize(1);
    assertThat(source.errors.get(0)).isInstanceOf(FlowClosedException.class);
    assertThat(closed.completions).isEqualTo(1);
    assertBalanced(flow);
  }

  @Test
  void rowsInLineAreNotSentAtTheDeadlineOfClose() {
    BatchFlow flow = flowOf(2).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    watch(flow.submit(event(1)));
    source.give(event(2));

    Rows.Probe<Void> closed = watch(flow.close(Duration.ofSeconds(1)));
    time.advanceTimeBy(Duration.ofSeconds(10));

    assertThat(source.outcomes).hasSize(1);
    assertThat(source.outcomes.get(0).status()).isEqualTo(OutcomeStatus.NOT_SENT);
    assertThat(source.errors.get(0)).isInstanceOf(FlowClosedException.class);
    assertThat(closed.completions).isEqualTo(1);
    assertThat(flow.stats().waiting()).isZero();
    assertThat(flow.stats().turnedAway()).isEqualTo(1);
  }

  @Test
  void aRowInLineExpiresAtItsDeliveryTimeout() {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(1)
            .maxDelay(Duration.ZERO)
            .deliveryTimeout(Duration.ofSeconds(2))
            .build();
    BatchFlow flow = flowOf(2).policy(UPSERTS, policy).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    watch(flow.submit(event(1)));
    source.give(row(UPSERTS, 2, "x"));

    time.advanceTimeBy(Duration.ofSeconds(2));

    assertThat(source.outcomes.get(0).error()).isInstanceOf(RowExpiredException.class);
    writer.release();
    assertThat(flow.stats().waiting()).isZero();
    assertThat(written()).containsExactly(100L, 1L);
    assertBalanced(flow);
  }

  @Test
  void whatFailsAtOnceDoesNotPassARowInLine() {
    BatchPolicy failing = BatchPolicy.builder().maxSize(1).overflow(Overflow.FAIL).build();
    BatchFlow flow = flowOf(2).policy(UPSERTS, failing).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    watch(flow.submit(event(1)));
    source.give(row(UPSERTS, 2, "stream"));

    Rows.Probe<WriteResult> rejected = watch(flow.submit(row(UPSERTS, 2, "single")));

    assertThat(rejected.errors.get(0)).isInstanceOf(QueueFullException.class);
    writer.release();
    assertThat(written()).containsExactly(100L, 1L, 2L);
  }
}
