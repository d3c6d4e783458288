package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;
import reactor.util.retry.Retry;

class EdgeCaseTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  @Test
  void maxDelayHoldsBesideADeliveryTimeout() {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(100)
            .maxDelay(Duration.ofMillis(10))
            .deliveryTimeout(Duration.ofSeconds(10))
            .build();
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(policy).build();
    watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofMillis(10));
    assertThat(writer.rows()).hasSize(1);

    watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofMillis(10));

    assertThat(writer.rows()).hasSize(2);
  }

  @Test
  void aRowBehindACancelledOneStillLeavesByAge() {
    BatchPolicy policy = BatchPolicy.builder().maxSize(10).maxDelay(Duration.ofSeconds(10)).build();
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(policy).concurrency(1).build();
    writer.hold();
    watch(flow.submit(event(0)));
    watch(flow.flush());
    assertThat(writer.running()).isEqualTo(1);
    Rows.Probe<WriteResult> old = watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(5));
    Rows.Probe<WriteResult> young = watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofSeconds(6));
    old.subscription.dispose();
    writer.release();

    time.advanceTimeBy(Duration.ofHours(1));

    assertThat(young.values).hasSize(1);
  }

  @Test
  void aRowBehindAnExpiredHalfIsWritten() {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(2)
            .maxDelay(Duration.ofMillis(1_500))
            .lingerWhenIdle(true)
            .deliveryTimeout(Duration.ofSeconds(2))
            .build();
    writer.failing(1, RecordingWriter.failure(FailureKind.DATA));
    writer.failing(2, RecordingWriter.failure(FailureKind.TRANSIENT));
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(policy)
            .retry(Retry.fixedDelay(3, Duration.ofSeconds(1)))
            .build();
    Rows.Probe<WriteResult> first = watch(flow.submit(event(1)));
    time.advanceTimeBy(Duration.ofMillis(1_400));
    Rows.Probe<WriteResult> second = watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofSeconds(10));

    assertThat(first.errors).singleElement().isInstanceOf(RowExpiredException.class);
    assertThat(second.errors).isEmpty();
    assertThat(second.values).hasSize(1);
  }

  @Test
  void anErrorOfAListenerBeforeTheWriteCostsNobody() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).build())
            .listener(
                new BatchListener() {
                  @Override
                  public void onSealed(Schema s, int rows, SealReason reason, Duration oldest) {
                    throw new AssertionError("listener");
                  }
                })
            .build();
    assertThat(watch(flow.submit(event(1))).values).hasSize(1);
  }

  @Test
  void anErrorOfAListenerAfterTheWriteCostsNobody() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).build())
            .listener(
                new BatchListener() {
                  @Override
                  public void onWritten(Batch b, BatchResult r, int a, Duration t) {
                    throw new AssertionError("listener");
                  }
                })
            .build();
    Rows.Probe<WriteResult> probe = watch(flow.submit(event(1)));
    assertThat(probe.errors).isEmpty();
    assertThat(probe.values).hasSize(1);
  }

  @Test
  void anErrorOfAListenerAtTheOutcomeCostsNobody() {
    writer.rejecting(row -> true);
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(2).build())
            .listener(
                new BatchListener() {
                  @Override
                  public void onNotWritten(Outcome<Row> outcome, ContextView context) {
                    throw new AssertionError("listener");
                  }
                })
            .build();
    Rows.Probe<WriteResult> one = watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> two = watch(flow.submit(event(2)));
    assertThat(one.errors).hasSize(1);
    assertThat(two.errors).hasSize(1);
  }

  @Test
  void aWriterThatThrowsALinkageErrorEndsItsRows() {
    BatchFlow flow =
        BatchFlow.builder(
                batch -> {
                  throw new NoClassDefFoundError("driver");
                })
            .scheduler(time)
            .defaultPolicy(patient().maxSize(1).build())
            .build();
    Rows.Probe<WriteResult> one = watch(flow.submit(event(1)));

    assertThat(one.errors).singleElement().isInstanceOf(BatchWriteException.class);
    assertThat(flow.stats().inFlight()).isZero();
  }

  @Test
  void aCallerThatThrowsALinkageErrorCostsNobodyElse() {
    BatchFlow flow = Rows.flow(writer, time).defaultPolicy(patient().maxSize(2).build()).build();
    flow.submit(event(1))
        .subscribe(
            r -> {
              throw new NoClassDefFoundError("caller");
            });
    Rows.Probe<WriteResult> two = watch(flow.submit(event(2)));

    assertThat(two.values).hasSize(1);
  }

  @Test
  void aWaiterGetsInWhenTheOneBeforeItGivesUp() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).maxBytes(2_048).build())
            .maxPendingBytes(4_096)
            .maxWait(Duration.ofSeconds(5))
            .concurrency(2)
            .build();
    writer.hold();
    watch(flow.submit(row(EVENTS, 1, "x".repeat(2_000))));
    Rows.Probe<WriteResult> giant = watch(flow.submit(row(EVENTS, 2, "x".repeat(3_000))));
    time.advanceTimeBy(Duration.ofSeconds(4));
    Rows.Probe<WriteResult> small = watch(flow.submit(event(3)));
    assertThat(flow.stats().waiting()).isEqualTo(2);
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(giant.errors).hasSize(1);

    assertThat(flow.stats().waiting()).isZero();
    assertThat(small.errors).isEmpty();
  }

  @Test
  void aWaiterGetsTheRoomOfExpiredRows() {
    BatchPolicy policy =
        BatchPolicy.builder()
            .maxSize(1)
            .maxDelay(Duration.ZERO)
            .deliveryTimeout(Duration.ofSeconds(2))
            .build();
    BatchFlow flow =
        Rows.flow(writer, time).defaultPolicy(policy).concurrency(1).maxPending(2).build();
    writer.hold();
    watch(flow.submit(event(1)));
    watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofSeconds(1));
    watch(flow.submit(event(3)));
    assertThat(flow.stats().waiting()).isEqualTo(1);
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(flow.stats().ledger().notSent()).isEqualTo(1);
    assertThat(flow.stats().waiting()).isZero();
  }

  @Test
  void oneStreamOverTwoTablesDoesNotWaitForItsWindows() {
    BatchFlow flow =
        Rows.flow(writer, time).defaultPolicy(patient().maxSize(50).build()).maxPending(50).build();
    Rows.Probe<Long> all =
        watch(
            flow.submitAll(
                    Flux.range(0, 1_000).map(i -> row(i % 2 == 0 ? EVENTS : Rows.UPSERTS, i, "x")))
                .count());
    time.advanceTimeBy(Duration.ofHours(1));
    watch(flow.flush());
    assertThat(all.values).containsExactly(1_000L);
  }

  @Test
  void flushCompletesAfterTheCallersWereTold() {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().maxSize(10).maxDelay(Duration.ofMillis(1)).build())
            .build();
    int early = 0;
    for (int run = 0; run < 2_000; run++) {
      AtomicInteger told = new AtomicInteger();
      for (int i = 0; i < 20; i++) {
        flow.submit(event(i)).subscribe(r -> told.incrementAndGet());
      }
      flow.flush().block(Duration.ofSeconds(10));
      if (told.get() != 20) {
        early++;
      }
    }
    flow.close().block(Duration.ofSeconds(10));
    assertThat(early).isZero();
  }

  @Test
  void closeCompletesAfterTheCallersWereTold() {
    int early = 0;
    for (int run = 0; run < 500; run++) {
      BatchFlow flow =
          BatchFlow.builder(writer)
              .defaultPolicy(BatchPolicy.builder().maxSize(100).build())
              .build();
      AtomicInteger told = new AtomicInteger();
      for (int i = 0; i < 2000; i++) {
        flow.submit(event(i)).subscribe(r -> told.incrementAndGet());
      }
      flow.close().block(Duration.ofSeconds(10));
      if (told.get() != 2000) {
        early++;
      }
    }
    assertThat(early).isZero();
  }
}
