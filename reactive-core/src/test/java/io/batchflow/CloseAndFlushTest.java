package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.stats.Ledger;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class CloseAndFlushTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow.Builder flow() {
    return Rows.flow(writer, time).defaultPolicy(patient().maxSize(10).build());
  }

  @Test
  void flushCompletesWhenAllBeforeItHasEndedAndNotLater() {
    BatchFlow flow = flow().concurrency(1).build();
    writer.answeringAfter(Duration.ofSeconds(1), time);

    Rows.Probe<WriteResult> before = watch(flow.submit(event(1)));
    Rows.Probe<Void> flushed = watch(flow.flush());
    Rows.Probe<WriteResult> after = watch(flow.submit(event(2)));
    time.advanceTimeBy(Duration.ofMillis(999));
    assertThat(flushed.isDone()).isFalse();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(before.values).hasSize(1);
    assertThat(flushed.completions).isEqualTo(1);
    assertThat(after.isDone()).isFalse();
    assertThat(writer.sizes()).containsExactly(1);
  }

  @Test
  void flushCoversRowsThatWaitForRoom() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(2).build())
            .maxPending(2)
            .concurrency(1)
            .build();
    writer.hold();
    Rows.Probe<Long> submitted =
        watch(Flux.range(0, 5).flatMap(id -> flow.submit(event(id))).count());

    Rows.Probe<Void> flushed = watch(flow.flush());
    assertThat(flushed.isDone()).isFalse();
    writer.release();

    assertThat(submitted.values).containsExactly(5L);
    assertThat(flushed.completions).isEqualTo(1);
  }

  @Test
  void flushOfAnIdleOrClosedFlowCompletesAtOnce() {
    BatchFlow flow = flow().build();
    assertThat(watch(flow.flush()).completions).isEqualTo(1);
    assertThat(watch(flow.flush()).completions).isEqualTo(1);

    watch(flow.close());

    assertThat(watch(flow.flush()).completions).isEqualTo(1);
  }

  @Test
  void closeTurnsNewRowsAwaySendsWaitingRowsAndClosesTheWriterLast() {
    BatchFlow flow = flow().build();
    writer.hold();
    Rows.Probe<WriteResult> queued = watch(flow.submit(event(1)));

    Rows.Probe<Void> closed = watch(flow.close());
    assertThat(watch(flow.submit(event(2))).errors.get(0))
        .isInstanceOf(FlowClosedException.class)
        .hasMessageContaining("'events'");
    assertThat(closed.isDone()).isFalse();
    assertThat(writer.timesClosed()).isZero();
    writer.release();

    assertThat(queued.values).hasSize(1);
    assertThat(closed.completions).isEqualTo(1);
    assertThat(writer.timesClosed()).isEqualTo(1);
    assertThat(assertBalanced(flow).written()).isEqualTo(1);
  }

  @Test
  void closeIsIdempotent() {
    BatchFlow flow = flow().build();
    Mono<Void> close = flow.close();

    assertThat(watch(close).completions).isEqualTo(1);
    assertThat(watch(close).completions).isEqualTo(1);
    assertThat(watch(flow.close(Duration.ofSeconds(1))).completions).isEqualTo(1);
    assertThat(writer.timesClosed()).isEqualTo(1);
  }

  @Test
  void closeServesThoseWhoWaitForRoom() {
    BatchFlow flow = flow().maxPending(10).concurrency(1).build();
    writer.hold();
    Rows.Probe<Long> all = watch(Flux.range(0, 25).flatMap(id -> flow.submit(event(id))).count());

    Rows.Probe<Void> closed = watch(flow.close());
    writer.release();

    assertThat(all.values).containsExactly(25L);
    assertThat(closed.completions).isEqualTo(1);
  }

  @Test
  void atTheDeadlineWhatIsQueuedIsNotSentAndWhatIsInFlightIsUnknown() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(patient().maxSize(1).build())
            .concurrency(1)
            .maxPending(2)
            .build();
    writer.hold();
    Rows.Probe<WriteResult> inFlight = watch(flow.submit(event(1)));
    Rows.Probe<WriteResult> queued = watch(flow.submit(event(2)));
    Rows.Probe<WriteResult> waiting = watch(flow.submit(event(3)));

    Rows.Probe<Void> closed = watch(flow.close(Duration.ofSeconds(5)));
    time.advanceTimeBy(Duration.ofMillis(4_999));
    assertThat(closed.isDone()).isFalse();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(inFlight.errors.get(0)).isInstanceOf(UnknownOutcomeException.class);
    assertThat(queued.errors.get(0)).isInstanceOf(FlowClosedException.class);
    assertThat(waiting.errors.get(0)).isInstanceOf(FlowClosedException.class);
    assertThat(closed.completions).isEqualTo(1);
    Ledger ledger = assertBalanced(flow);
    assertThat(ledger.unknown()).isEqualTo(1);
    assertThat(ledger.notSent()).isEqualTo(1);
    assertThat(flow.stats().turnedAway()).isEqualTo(1);

    writer.release();
    assertThat(inFlight.values).isEmpty();
    assertThat(assertBalanced(flow)).isEqualTo(ledger);
  }

  @Test
  void aStreamEndsWithFlowClosedAfterTheOutcomesOfAllItGave() {
    BatchFlow flow = flow().build();
    List<String> source = new ArrayList<>();
    List<Outcome<Row>> outcomes = new ArrayList<>();
    List<Throwable> errors = new ArrayList<>();
    flow.submitAll(
            Flux.range(0, 15)
                .<Row>map(Rows::event)
                .concatWith(Flux.never())
                .doOnCancel(() -> source.add("cancelled")))
        .subscribe(outcomes::add, errors::add);
    assertThat(outcomes).hasSize(10);

    Rows.Probe<Void> closed = watch(flow.close());

    assertThat(outcomes).hasSize(15).allMatch(Outcome::isWritten);
    assertThat(errors).singleElement().isInstanceOf(FlowClosedException.class);
    assertThat(source).containsExactly("cancelled");
    assertThat(closed.completions).isEqualTo(1);
  }

  @Test
  void aStreamSubmittedAfterCloseFailsAtOnce() {
    BatchFlow flow = flow().build();
    watch(flow.close());

    Rows.Probe<Long> late = watch(flow.submitAll(Flux.just(event(1))).count());

    assertThat(late.errors.get(0)).isInstanceOf(FlowClosedException.class);
  }

  @Test
  void aWriterThatFailsOrHangsOnCloseDoesNotHoldTheFlow() {
    for (Mono<Void> close :
        List.<Mono<Void>>of(Mono.error(new IllegalStateException("stuck")), Mono.never())) {
      BatchFlow flow =
          Rows.flow(
                  new BatchWriter() {
                    @Override
                    public Mono<BatchResult> write(Batch batch) {
                      return Mono.just(BatchResult.written(batch.size()));
                    }

                    @Override
                    public Mono<Void> close() {
                      return close;
                    }
                  },
                  time)
              .build();

      Rows.Probe<Void> closed = watch(flow.close(Duration.ofSeconds(3)));
      time.advanceTimeBy(Duration.ofSeconds(3));

      assertThat(closed.completions).isEqualTo(1);
    }
  }

  @Test
  void theSchedulerHandedInStaysOpen() {
    BatchFlow flow = flow().build();

    watch(flow.close());

    assertThat(time.isDisposed()).isFalse();
  }

  @Test
  void theFlowsOwnThreadEndsWithIt() {
    Set<Thread> before = flowThreads();
    BatchFlow flow = BatchFlow.builder(writer).build();
    Set<Thread> own = flowThreads();
    own.removeAll(before);
    flow.close().block(Duration.ofSeconds(10));

    assertThat(own)
        .singleElement()
        .satisfies(
            thread -> {
              thread.join(10_000);
              assertThat(thread.isAlive()).isFalse();
            });
  }

  private static Set<Thread> flowThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("batchflow-"))
        .collect(Collectors.toSet());
  }
}
