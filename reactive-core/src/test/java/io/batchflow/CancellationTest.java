package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.stats.Ledger;
import io.batchflow.test.RecordingWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class CancellationTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  @Test
  void aRowCancelledBeforeItsBatchIsSealedIsNotWritten() {
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(patient().maxSize(3).build()).build();

    watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> cancelled = watch(flow.submit(event(2)));
    cancelled.subscription.dispose();
    watch(flow.submit(event(3)));
    assertThat(writer.sizes()).isEmpty();
    watch(flow.submit(event(4)));

    assertThat(writer.rows())
        .extracting(row -> row.value("id"))
        .containsExactlyInAnyOrder(1L, 3L, 4L);
    assertThat(cancelled.isDone()).isFalse();
    assertThat(assertBalanced(flow).withdrawn()).isEqualTo(1);
  }

  @Test
  void aRowCancelledInFlightIsWrittenCountedAndNotReported() {
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(patient().maxSize(1).build()).build();
    writer.hold();

    Rows.Probe<WriteResult> cancelled = watch(flow.submit(event(1)));
    cancelled.subscription.dispose();
    writer.release();

    assertThat(writer.rows()).hasSize(1);
    assertThat(cancelled.isDone()).isFalse();
    assertThat(assertBalanced(flow).written()).isEqualTo(1);
  }

  @Test
  void aCancelledRowGivesItsRoomBackAtOnce() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(2).overflow(Overflow.FAIL).build())
            .maxPending(2)
            .concurrency(1)
            .build();
    writer.hold();
    Mono<WriteResult> submission = flow.submit(event(1));

    for (int i = 0; i < 100; i++) {
      watch(submission).subscription.dispose();
    }

    assertThat(watch(submission).errors).isEmpty();
    assertThat(flow.stats().ledger().withdrawn()).isEqualTo(100);
    assertThat(flow.stats().turnedAway()).isZero();
  }

  @Test
  void aCancelledWaiterLeavesTheLine() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).build())
            .maxPending(1)
            .maxWaiters(1)
            .build();
    writer.hold();
    watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> waiter = watch(flow.submit(event(2)));
    assertThat(flow.stats().waiting()).isEqualTo(1);

    waiter.subscription.dispose();

    assertThat(flow.stats().waiting()).isZero();
    Rows.Probe<WriteResult> next = watch(flow.submit(event(3)));
    assertThat(next.errors).isEmpty();
    writer.release();
    assertThat(next.values).hasSize(1);
    assertThat(assertBalanced(flow).admitted()).isEqualTo(2);
  }

  @Test
  void everySubscriptionIsASubmissionOfItsOwn() {
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(patient().maxSize(1).build()).build();
    Mono<WriteResult> submission = flow.submit(event(1));
    assertThat(writer.attempts()).isZero();

    watch(submission);
    watch(submission);

    assertThat(writer.rows()).hasSize(2);
  }

  @Test
  void aCancelledStreamWithdrawsWhatIsNotSealedAndStopsItsSource() {
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(patient().maxSize(50).build()).build();
    List<String> source = new ArrayList<>();
    writer.hold();
    Flux<Row> rows =
        Flux.range(0, 70)
            .<Row>map(Rows::event)
            .concatWith(Flux.never())
            .doOnCancel(() -> source.add("cancelled"));

    Disposable subscription = flow.submitAll(rows).subscribe();
    assertThat(writer.running()).isEqualTo(1);
    subscription.dispose();
    writer.release();

    assertThat(source).containsExactly("cancelled");
    assertThat(writer.rows()).hasSize(50);
    Ledger ledger = assertBalanced(flow);
    assertThat(ledger.withdrawn()).isEqualTo(20);
    assertThat(ledger.written()).isEqualTo(50);
  }

  @Test
  void aStreamWhoseCallerThrowsCountsAsCancelled() {
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(patient().maxSize(2).build()).build();
    List<String> source = new ArrayList<>();
    Flux<Row> rows =
        Flux.range(0, 2)
            .<Row>map(Rows::event)
            .concatWith(Flux.never())
            .doOnCancel(() -> source.add("cancelled"));

    flow.submitAll(rows)
        .subscribe(
            outcome -> {
              throw new NoClassDefFoundError("caller");
            });

    assertThat(source).containsExactly("cancelled");
    assertThat(assertBalanced(flow).written()).isEqualTo(2);
  }
}
