package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Rows are admitted in the order of their submission, by any mix of calls. */
class StreamOrderTest extends StreamOrderFixture {

  @Test
  void theLastSubmissionOfAKeyWinsThoughItCameByAStreamThatHadRoom() {
    BatchFlow flow = flowOf(4).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 4);
    assertThat(flow.stats().waiting()).isEqualTo(1);

    Rows.Probe<WriteResult> first = watch(flow.submit(row(UPSERTS, 1, "first")));
    source.give(row(UPSERTS, 1, "second"));
    writer.release();

    assertThat(first.values).hasSize(1);
    assertThat(source.outcomes).allMatch(Outcome::isWritten).hasSize(1);
    assertThat(writer.rows())
        .filteredOn(row -> row.schema().equals(UPSERTS))
        .extracting(row -> row.value("value"))
        .containsExactly("first", "second");
    assertBalanced(flow);
  }

  @Test
  void aSubmissionThatWaitsGetsTheLastRoomOfARowBehindIt() {
    BatchFlow flow = flowOf(1).build();
    ManualSource source = new ManualSource(flow);
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(1)));
    assertThat(flow.stats().waiting()).isEqualTo(1);

    source.give(event(2));
    assertThat(writer.running()).isEqualTo(1);
    writer.release();

    assertThat(waiter.values).hasSize(1);
    assertThat(written()).containsExactly(1L, 2L);
    assertBalanced(flow);
  }

  @Test
  void aSubmissionThatWaitsForBytesGetsThoseOfARowBehindIt() {
    BatchFlow flow =
        flowOf(8)
            .defaultPolicy(
                BatchPolicy.builder().maxSize(1).maxBytes(2_048).maxDelay(Duration.ZERO).build())
            .maxPendingBytes(4_096)
            .build();
    ManualSource source = new ManualSource(flow);
    Rows.Probe<WriteResult> giant = watch(flow.submit(row(EVENTS, 1, new byte[5_000])));
    assertThat(giant.isDone()).isFalse();

    source.give(row(EVENTS, 2, new byte[5_000]));
    writer.release();

    assertThat(giant.values).hasSize(1);
    assertThat(written()).containsExactly(1L, 2L);
    assertBalanced(flow);
  }

  @Test
  void aStreamThatWaitsToAskTakesNoRoomThatWasLentAndHoldsNobodyUp() {
    BatchFlow flow = flowOf(1).build();
    ManualSource source = new ManualSource(flow);
    ManualSource other = new ManualSource(flow);
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(1)));
    assertThat(flow.stats().waiting()).isEqualTo(2);

    source.give(event(2));
    writer.release();

    assertThat(waiter.values).hasSize(1);
    assertThat(written()).containsExactly(1L, 2L);
    other.give(event(3));
    assertThat(written()).containsExactly(1L, 2L, 3L);
    assertBalanced(flow);
  }

  @Test
  void aStreamAsksForNothingWhileSubmissionsWait() {
    BatchFlow flow = flowOf(8).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 9);
    long asked = source.demand();

    for (int i = 0; i < asked; i++) {
      source.give(event(i));
    }
    assertThat(source.demand()).isZero();
    fill(flow, 1);
    writer.release();

    assertThat(written()).hasSize(10 + (int) asked).last().isEqualTo(100L);
    assertThat(source.demand()).isPositive();
    assertBalanced(flow);
  }

  @Test
  void aRowIsAdmittedWhenThoseBeforeItHaveWaitedTooLong() {
    BatchFlow flow = flowOf(2).build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(1)));
    source.give(event(2));
    Rows.Probe<WriteResult> behind = watch(flow.submit(event(3)));

    time.advanceTimeBy(MAX_WAIT);
    assertThat(waiter.isDone()).isFalse(); // it has the room that the row has lent
    assertThat(behind.errors.get(0)).isInstanceOf(QueueFullException.class);
    time.advanceTimeBy(MAX_WAIT);
    assertThat(source.outcomes).isEmpty();
    writer.release();

    assertThat(written()).containsExactly(100L, 1L, 2L);
    assertBalanced(flow);
  }

  @Test
  void aRowIsAdmittedWhenTheSubmissionBeforeItIsCancelled() {
    BatchFlow flow =
        flowOf(4)
            .defaultPolicy(
                BatchPolicy.builder().maxSize(1).maxBytes(2_048).maxDelay(Duration.ZERO).build())
            .maxPendingBytes(4_096)
            .build();
    ManualSource source = new ManualSource(flow);
    fill(flow, 1);
    Rows.Probe<WriteResult> giant = watch(flow.submit(row(EVENTS, 1, new byte[5_000])));
    source.give(event(2));
    assertThat(flow.stats().ledger().admitted()).isEqualTo(1);

    giant.subscription.dispose();

    assertThat(flow.stats().ledger().admitted()).isEqualTo(2);
    writer.release();
    assertThat(written()).containsExactly(100L, 2L);
    assertBalanced(flow);
  }
}
