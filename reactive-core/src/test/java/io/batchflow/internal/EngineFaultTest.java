package io.batchflow.internal;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Rows;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.health.FlowHealth;
import io.batchflow.internal.loop.Command;
import io.batchflow.stats.Ledger;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A fault of the engine, of its Scheduler or of a caller's thread leaves no row without an outcome.
 */
class EngineFaultTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final RecordingWriter writer = RecordingWriter.create();

  /** A fault in the state of the engine. */
  private static final class Fault extends Command {

    private final Error error;

    Fault(Error error) {
      this.error = error;
    }

    @Override
    public void run() {
      throw error;
    }
  }

  private static Engine engineOf(BatchFlow flow) throws Exception {
    java.lang.reflect.Field field = BatchFlow.class.getDeclaredField("engine");
    field.setAccessible(true);
    return (Engine) field.get(flow);
  }

  private BatchFlow.Builder flow(boolean onScheduler) {
    BatchFlow.Builder builder =
        BatchFlow.builder(writer)
            .concurrency(1)
            .closeTimeout(Duration.ofSeconds(5))
            .defaultPolicy(patient().maxSize(2).build());
    return onScheduler ? builder.scheduler(Schedulers.boundedElastic()) : builder;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterAFaultWhatWasNotSentIsNotSentAndWhatWasSentIsWaitedFor(boolean onScheduler)
      throws Exception {
    BatchFlow flow = flow(onScheduler).build();
    writer.hold();
    Mono<List<Outcome<Row>>> rows =
        flow.submitAll(Flux.range(0, 3).map(Rows::event)).collectList().cache();
    rows.subscribe();
    Mono<WriteResult> last = flow.submit(event(3)).cache();
    last.subscribe(result -> {}, failure -> {});
    while (writer.running() == 0 || flow.stats().queued() != 2) {
      Thread.onSpinWait();
    }
    Mono<Void> flushed = flow.flush().cache();
    flushed.subscribe();

    engineOf(flow).submitter.post(new Fault(new StackOverflowError("simulated")));
    assertThat(
            last.map(written -> (Throwable) new AssertionError())
                .onErrorResume(Mono::just)
                .block(LONG))
        .isInstanceOf(FlowClosedException.class)
        .hasMessageContaining("StackOverflowError")
        .hasCauseInstanceOf(StackOverflowError.class);
    assertThat(flow.health().status()).isEqualTo(FlowHealth.Status.DOWN);
    assertThat(flow.health().reasons()).contains(FlowHealth.Reason.FAILED);
    assertThat(
            flow.submit(event(9))
                .map(written -> (Throwable) new AssertionError())
                .onErrorResume(Mono::just)
                .block(LONG))
        .isInstanceOf(FlowClosedException.class)
        .hasMessageContaining("StackOverflowError");
    writer.release();

    flushed.block(LONG);
    flow.close().block(LONG);
    Ledger ledger = LedgerAssertions.assertBalanced(flow);
    assertThat(ledger.written()).isEqualTo(2);
    assertThat(ledger.notSent()).isEqualTo(2);
    assertThat(writer.timesClosed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void faultsThatGoOnStillAnswerEverybody(boolean onScheduler) throws Exception {
    BatchFlow flow = flow(onScheduler).build();
    writer.hold();
    List<Mono<OutcomeStatus>> rows =
        Flux.range(0, 4)
            .map(
                id ->
                    flow.submit(event(id))
                        .map(written -> OutcomeStatus.WRITTEN)
                        .onErrorResume(
                            BatchFlowException.class, failure -> Mono.just(failure.status()))
                        .cache())
            .doOnNext(Mono::subscribe)
            .collectList()
            .block(LONG);
    while (writer.running() == 0) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < 3; i++) {
      engineOf(flow).submitter.post(new Fault(new LinkageError("simulated")));
    }

    List<OutcomeStatus> ends = Flux.concat(rows).collectList().block(LONG);
    assertThat(ends).hasSize(4).doesNotContain(OutcomeStatus.WRITTEN);
    flow.close().block(LONG);
    LedgerAssertions.assertBalanced(flow);
  }

  /** Then the backend decides which keys are equal, and this one stores the row. */
  @Test
  void aKeyWhoseHashCannotBeTakenAgainIsLeftToTheBackend() {
    BatchFlow flow = BatchFlow.builder(writer).build();
    AtomicInteger hashes = new AtomicInteger();
    Object key =
        new Object() {
          @Override
          public int hashCode() {
            if (hashes.getAndIncrement() > 0) {
              throw new StackOverflowError("simulated");
            }
            return 0; // no task is kept: the engine's thread requests it again
          }
        };
    Schema upserts = Rows.UPSERTS;
    OutcomeStatus bad =
        flow.submit(upserts.row().set("id", key).set("value", 1))
            .map(written -> OutcomeStatus.WRITTEN)
            .onErrorResume(BatchFlowException.class, failure -> Mono.just(failure.status()))
            .block(LONG);

    assertThat(flow.submit(row(upserts, 1, "v")).block(LONG)).isNotNull();
    assertThat(bad).isEqualTo(OutcomeStatus.WRITTEN);
    assertThat(flow.health().isUp()).isTrue();
    flow.close().block(LONG);
  }

  /** Rejects selected tasks. */
  private static final class Rejecting implements Scheduler {

    private final Scheduler scheduler = Schedulers.parallel();
    private final IntPredicate rejected;
    private final AtomicInteger tasks = new AtomicInteger();

    Rejecting(IntPredicate rejected) {
      this.rejected = rejected;
    }

    private void mayReject() {
      if (rejected.test(tasks.getAndIncrement())) {
        throw new RejectedExecutionException("simulated");
      }
    }

    @Override
    public Disposable schedule(Runnable task) {
      mayReject();
      return scheduler.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      if (unit == TimeUnit.DAYS) {
        return scheduler.schedule(task, delay, unit); // read when the flow is built
      }
      mayReject();
      return scheduler.schedule(task, delay, unit);
    }

    @Override
    public Worker createWorker() {
      return scheduler.createWorker();
    }
  }

  @Test
  void aSchedulerThatRejectsATaskLosesNoCaller() {
    for (int first = 0; first < 12; first++) {
      int rejected = first;
      allAreWritten(new Rejecting(task -> task == rejected));
    }
    allAreWritten(new Rejecting(task -> task % 3 == 0));
    allAreWritten(new Rejecting(task -> true));
  }

  private static void allAreWritten(Scheduler scheduler) {
    BatchFlow flow =
        BatchFlow.builder(
                batch ->
                    Mono.delay(Duration.ofMillis(1)).thenReturn(BatchResult.written(batch.size())))
            .scheduler(scheduler)
            .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ofMillis(1)).build())
            .build();

    assertThat(
            Flux.range(0, 2_000).flatMap(id -> flow.submit(event(id)), 2_000).count().block(LONG))
        .isEqualTo(2_000);
    flow.close().block(LONG);
    assertThat(LedgerAssertions.assertBalanced(flow).written()).isEqualTo(2_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closeEndsAtItsDeadlineThoughASubscriberBlocks(boolean onScheduler) {
    BatchFlow flow = flow(onScheduler).build();
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      flow.submit(event(i))
          .subscribe(
              written -> {
                try {
                  never.await();
                } catch (InterruptedException interrupted) {
                  Thread.currentThread().interrupt();
                }
              });
    }
    while (flow.stats().ledger().written() < 2) {
      Thread.onSpinWait();
    }

    flow.close(Duration.ofMillis(100)).block(LONG);
    assertThat(writer.timesClosed()).isEqualTo(1);
    assertThat(LedgerAssertions.assertBalanced(flow).written()).isEqualTo(2);
    never.countDown();
  }
}
