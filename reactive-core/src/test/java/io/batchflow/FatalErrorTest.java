package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A fatal error of a write costs its batch, not the flow. */
class FatalErrorTest extends FatalErrors {

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorThrownByWriteLeavesItsRowsUnsent(Supplier<Error> error) {
    BatchFlow flow =
        brokenFor1And2(
                batch -> {
                  throw error.get();
                })
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.REJECTED);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorInsideTheMonoLeavesItsRowsUnknown(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch ->
                Mono.fromCallable(
                    () -> {
                      throw error.get();
                    }))
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorInsideTheMonoIsRetriedWhereARepeatIsHarmless(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch ->
                Mono.just(batch)
                    .map(
                        any -> {
                          throw error.get();
                        }))
            .build();

    assertThat(firstBatch(flow, UPSERTS)).containsOnly(OutcomeStatus.WRITTEN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorThatIsSignalledLeavesItsRowsUnknown(Supplier<Error> error) {
    BatchFlow flow = flow(batch -> Mono.error(error.get())).build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorOnAnotherThreadIsAnsweredByTheDeadlineAtTheLatest(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch ->
                Mono.<BatchResult>create(
                        sink -> {
                          Thread driver =
                              new Thread(
                                  () -> sink.success(BatchResult.written(batch.size())), "driver");
                          driver.setUncaughtExceptionHandler((thread, thrown) -> {});
                          driver.start();
                          try {
                            driver.join();
                          } catch (InterruptedException interrupted) {
                            throw new IllegalStateException(interrupted);
                          }
                        })
                    .map(
                        result -> {
                          throw error.get();
                        }))
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorBehindTheVerdictChangesNothing(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch ->
                Mono.just(BatchResult.written(batch.size()))
                    .doAfterTerminate(
                        () -> {
                          throw error.get();
                        }))
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.WRITTEN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void healthSaysThatABatchBrokeUntilTheNextIsWritten(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch ->
                Mono.fromCallable(
                    () -> {
                      throw error.get();
                    }))
            .build();
    watch(flow.submit(event(1)));
    watch(flow.submit(event(2)));

    assertThat(flow.health().isUp()).isFalse();
    assertThat(flow.health().reasons()).contains(FlowHealth.Reason.BACKEND_FAILING);
    assertThat(flow.health().failingTables()).containsOnlyKeys("events");
    watch(flow.submit(event(3)));
    watch(flow.submit(event(4)));
    assertThat(flow.health().isUp()).isTrue();
  }

  @Test
  void everyCallerIsAnsweredOnRealThreads() {
    AtomicInteger writes = new AtomicInteger();
    BatchFlow flow =
        BatchFlow.builder(
                batch -> {
                  int write = writes.getAndIncrement();
                  if (write % 3 == 0) {
                    throw new OutOfMemoryError("simulated while encoding");
                  }
                  return write % 3 == 1
                      ? Mono.<BatchResult>fromCallable(
                              () -> {
                                throw new StackOverflowError("simulated in the driver");
                              })
                          .subscribeOn(Schedulers.immediate())
                      : Mono.just(BatchResult.written(batch.size()));
                })
            .defaultPolicy(BatchPolicy.builder().maxSize(10).maxDelay(Duration.ofMillis(1)).build())
            .build();

    Long answered =
        Flux.range(0, 500)
            .flatMap(id -> flow.submit(event(id)).then(Mono.just(1)).onErrorReturn(1), 50)
            .count()
            .block(Duration.ofSeconds(60));

    assertThat(answered).isEqualTo(500);
    flow.close().block(Duration.ofSeconds(60));
    assertThat(assertBalanced(flow).admitted()).isEqualTo(500);
  }
}
