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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Rows are admitted in the order of their submission, whichever way they come. */
class StreamOrderTest {

  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create().hold();

  /** A source that gives rows when the test says so, and only those it was asked for. */
  static class Source {
    final List<Outcome> outcomes = new ArrayList<>();
    final List<Throwable> errors = new ArrayList<>();
    private final AtomicLong demand = new AtomicLong();
    private final Disposable subscription;
    private FluxSink<Row> sink;

    Source(BatchFlow flow) {
      subscription =
          flow.submitAll(Flux.<Row>create(this::start)).subscribe(outcomes::add, errors::add);
    }

    private void start(FluxSink<Row> started) {
      sink = started;
      started.onRequest(demand::addAndGet);
    }

    long demand() {
      return demand.get();
    }

    void give(Row row) {
      assertThat(demand.getAndDecrement()).as("rows asked for").isPositive();
      sink.next(row);
    }

    void cancel() {
      subscription.dispose();
    }
  }

  private BatchFlow.Builder flowOf(int maxPending) {
    BatchPolicy policy = BatchPolicy.builder().maxSize(1).maxDelay(Duration.ZERO).build();
    return Rows.flow(writer, time)
        .defaultPolicy(policy)
        .concurrency(1)
        .maxPending(maxPending)
        .maxWait(MAX_WAIT);
  }

  private static void fill(BatchFlow flow, int rows) {
    for (int i = 0; i < rows; i++) {
      watch(flow.submit(event(100 + i)));
    }
  }

  private List<Object> written() {
    return writer.rows().stream().map(row -> row.value("id")).toList();
  }

  @Test
  void theLastSubmissionOfAKeyWinsThoughItCameByAStreamThatHadRoom() {
    BatchFlow flow = flowOf(4).build();
    Source source = new Source(flow);
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
    Source source = new Source(flow);
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
    Source source = new Source(flow);
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
    Source source = new Source(flow);
    Source other = new Source(flow);
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
    Source source = new Source(flow);
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
    Source source = new Source(flow);
    fill(flow, 1);
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(1)));
    source.give(event(2));
    Rows.Probe<WriteResult> behind = watch(flow.submit(event(3)));

    time.advanceTimeBy(MAX_WAIT);
    assertThat(waiter.isDone()).isFalse(); // it has the room that the row lent
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
    Source source = new Source(flow);
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

  @Test
  void rowsOfACancelledStreamLeaveTheLine() {
    BatchFlow flow = flowOf(2).build();
    Source source = new Source(flow);
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
    Source source = new Source(flow);
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
    Source source = new Source(flow);
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
    Source source = new Source(flow);
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
    Source source = new Source(flow);
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
    Source source = new Source(flow);
    fill(flow, 1);
    watch(flow.submit(event(1)));
    source.give(row(UPSERTS, 2, "stream"));

    Rows.Probe<WriteResult> rejected = watch(flow.submit(row(UPSERTS, 2, "single")));

    assertThat(rejected.errors.get(0)).isInstanceOf(QueueFullException.class);
    writer.release();
    assertThat(written()).containsExactly(100L, 1L, 2L);
  }
}
