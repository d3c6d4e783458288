package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.stats.Ledger;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

class OverflowTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create().hold();

  private BatchFlow.Builder full(Overflow overflow) {
    BatchPolicy policy = BatchPolicy.builder().maxSize(1).overflow(overflow).build();
    return Rows.flow(writer, time).defaultPolicy(policy).concurrency(1).maxPending(2);
  }

  private static List<Rows.Probe<WriteResult>> submit(BatchFlow flow, int rows) {
    return LongStream.range(0, rows).mapToObj(id -> watch(flow.submit(event(id)))).toList();
  }

  @Test
  void waitersAreServedInTheirOrderAsRoomFrees() {
    BatchFlow flow = full(Overflow.WAIT).build();

    List<Rows.Probe<WriteResult>> probes = submit(flow, 10);
    assertThat(flow.stats().waiting()).isEqualTo(8);
    assertThat(flow.stats().ledger().admitted()).isEqualTo(2);
    writer.release();

    assertThat(probes).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(writer.rows())
        .extracting(row -> row.value("id"))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(assertBalanced(flow).written()).isEqualTo(10);
  }

  @Test
  void failAnswersAtOnce() {
    BatchFlow flow = full(Overflow.FAIL).build();

    List<Rows.Probe<WriteResult>> probes = submit(flow, 3);

    assertThat(probes.get(2).errors.get(0))
        .isInstanceOfSatisfying(
            QueueFullException.class, e -> assertThat(e.maxPending()).isEqualTo(2))
        .hasMessageContaining("'events'");
    assertThat(flow.stats().turnedAway()).isEqualTo(1);
  }

  @Test
  void waitersAreBounded() {
    BatchFlow flow = full(Overflow.WAIT).maxWaiters(3).build();

    List<Rows.Probe<WriteResult>> probes = submit(flow, 6);

    assertThat(probes.get(4).errors).isEmpty();
    assertThat(probes.get(5).errors.get(0))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("3 callers already wait");
  }

  @Test
  void aWaiterWaitsForALimitedTime() {
    BatchFlow flow = full(Overflow.WAIT).maxWait(Duration.ofSeconds(5)).build();
    submit(flow, 2);
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(3)));

    time.advanceTimeBy(Duration.ofMillis(4_999));
    assertThat(waiter.isDone()).isFalse();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(waiter.errors.get(0))
        .isInstanceOf(QueueFullException.class)
        .hasMessageContaining("maxWait (PT5S)");
    assertThat(flow.stats().waiting()).isZero();
    writer.release();
    assertThat(assertBalanced(flow).admitted()).isEqualTo(2);
  }

  @Test
  void bytesAreBoundedToo() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).maxBytes(4_096).overflow(Overflow.FAIL).build())
            .maxPendingBytes(4_096)
            .concurrency(1)
            .build();

    Rows.Probe<WriteResult> first = watch(flow.submit(row(EVENTS, 1, "x".repeat(3_000))));
    Rows.Probe<WriteResult> second = watch(flow.submit(row(EVENTS, 2, "x".repeat(3_000))));

    assertThat(first.errors).isEmpty();
    assertThat(second.errors.get(0)).isInstanceOf(QueueFullException.class);
  }

  @Test
  void aRowLargerThanTheBoundPassesAlone() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).maxBytes(1_024).build())
            .maxPendingBytes(1_024)
            .build();
    Row giant = row(EVENTS, 1, "x".repeat(100_000));

    Rows.Probe<WriteResult> alone = watch(flow.submit(giant));
    Rows.Probe<WriteResult> behind = watch(flow.submit(event(2)));
    assertThat(writer.running()).isEqualTo(1);
    assertThat(flow.stats().waiting()).isEqualTo(1);
    writer.release();

    assertThat(alone.values).hasSize(1);
    assertThat(behind.values).hasSize(1);
    Rows.Probe<Long> streamed = watch(flow.submitAll(Flux.just(giant, event(3), giant)).count());
    flow.flush().subscribe();
    assertThat(streamed.values).containsExactly(3L);
    assertBalanced(flow);
  }

  @Test
  void aRowNobodyWaitsForAnyMoreIsNotSent() {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(1)
            .maxDelay(Duration.ZERO)
            .deliveryTimeout(Duration.ofSeconds(2))
            .build();
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(policy).concurrency(1).build();

    Rows.Probe<WriteResult> inFlight = watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> queued = watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofSeconds(2));

    assertThat(queued.errors.get(0))
        .isInstanceOfSatisfying(
            RowExpiredException.class,
            e -> assertThat(e.deliveryTimeout()).isEqualTo(Duration.ofSeconds(2)));
    writer.release();
    assertThat(inFlight.values).hasSize(1);
    assertThat(writer.rows()).hasSize(1);
    Ledger ledger = assertBalanced(flow);
    assertThat(ledger.notSent()).isEqualTo(1);
    assertThat(ledger.written()).isEqualTo(1);
  }

  @Test
  void theRoomOfRowsThatExpireGoesToThoseWhoWait() {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(1)
            .maxDelay(Duration.ZERO)
            .deliveryTimeout(Duration.ofSeconds(2))
            .build();
    BatchFlow flow =
        Rows.flow(writer, time).defaultPolicy(policy).concurrency(1).maxPending(4).build();
    submit(flow, 4);
    time.advanceTimeBy(Duration.ofMillis(1_900));
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(5)));
    Rows.Probe<Long> stream = watch(flow.submitAll(Flux.just(event(6))).count());
    assertThat(flow.stats().waiting()).isEqualTo(2);

    time.advanceTimeBy(Duration.ofMillis(100));

    assertThat(flow.stats().waiting()).isZero();
    assertThat(flow.stats().oldestAge()).isEqualTo(Duration.ofSeconds(2));
    writer.release();
    assertThat(waiter.values).hasSize(1);
    assertThat(stream.values).containsExactly(1L);
    assertThat(assertBalanced(flow).notSent()).isEqualTo(3);
  }

  @Test
  void theDeadlineCoversRetries() {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(1)
            .maxDelay(Duration.ZERO)
            .deliveryTimeout(Duration.ofSeconds(2))
            .build();
    RecordingWriter failing = RecordingWriter.create();
    for (int i = 1; i <= 100; i++) {
      failing.failing(i, RecordingWriter.failure(FailureKind.TRANSIENT));
    }
    BatchFlow flow =
        Rows.flow(failing, time)
            .defaultPolicy(policy)
            .retry(reactor.util.retry.Retry.fixedDelay(100, Duration.ofMillis(300)))
            .build();

    Rows.Probe<WriteResult> probe = watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(60));

    assertThat(probe.errors.get(0)).isInstanceOf(RowExpiredException.class);
    assertThat(failing.attempts()).isEqualTo(7);
    assertThat(assertBalanced(flow).notSent()).isEqualTo(1);
  }
}
