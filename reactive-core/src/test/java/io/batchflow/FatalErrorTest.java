package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** What Reactor calls fatal and throws past every operator costs its batch, and not the flow. */
class FatalErrorTest {

  private static final Duration A_LONG_TIME = Duration.ofHours(1);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final List<Throwable> dropped = new ArrayList<>();

  @BeforeEach
  void hearWhatIsDropped() {
    Hooks.onErrorDropped(dropped::add);
  }

  @AfterEach
  void hearNoMore() {
    Hooks.resetOnErrorDropped();
  }

  static Stream<Named<Supplier<Error>>> errors() {
    return Stream.of(
        Named.of("StackOverflowError", () -> new StackOverflowError("simulated")),
        Named.of("OutOfMemoryError", () -> new OutOfMemoryError("simulated")),
        Named.of("NoClassDefFoundError", () -> new NoClassDefFoundError("simulated")),
        Named.of("InternalError", () -> new InternalError("simulated")),
        Named.of("AssertionError", () -> new AssertionError("simulated")));
  }

  private BatchFlow.Builder flow(Function<Batch, Mono<BatchResult>> first) {
    AtomicInteger writes = new AtomicInteger();
    return Rows.flow(
            batch -> writes.getAndIncrement() == 0 ? first.apply(batch) : writer.write(batch), time)
        .defaultPolicy(patient().maxSize(2).build())
        .concurrency(1);
  }

  /** A failure that is permanent is believed only once a row alone has met it too. */
  private BatchFlow.Builder brokenFor1And2(Function<Batch, Mono<BatchResult>> broken) {
    return Rows.flow(
            batch ->
                (long) batch.rows().get(0).value(0) <= 2
                    ? broken.apply(batch)
                    : writer.write(batch),
            time)
        .defaultPolicy(patient().maxSize(2).build())
        .concurrency(1);
  }

  /** The rows of the first batch end, then the flow goes on with the next. */
  private List<OutcomeStatus> firstBatch(BatchFlow flow, Schema schema) {
    List<Rows.Probe<WriteResult>> first =
        List.of(watch(flow.submit(row(schema, 1, "v"))), watch(flow.submit(row(schema, 2, "v"))));
    time.advanceTimeBy(A_LONG_TIME);
    List<Rows.Probe<WriteResult>> second =
        List.of(watch(flow.submit(row(schema, 3, "v"))), watch(flow.submit(row(schema, 4, "v"))));

    assertThat(first).allMatch(Rows.Probe::isDone);
    assertThat(second).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    assertThat(flow.stats().writing()).isZero();
    assertThat(flow.stats().inFlight()).isZero();
    assertBalanced(flow);
    assertThat(watch(flow.close()).completions).isEqualTo(1);
    return Rows.statuses(first);
  }

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

  @ParameterizedTest
  @MethodSource("errors")
  void aClassifierThatThrowsLeavesTheVerdictOpen(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch -> Mono.error(new IllegalStateException("rejected")))
            .failureClassifier(
                failure -> {
                  throw error.get();
                })
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aRetryFilterThatThrowsRetriesNothing(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch -> Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT)))
            .failureClassifier(failure -> FailureKind.TRANSIENT)
            .retry(
                Retry.backoff(3, Duration.ofMillis(10))
                    .filter(
                        failure -> {
                          throw error.get();
                        }))
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.REJECTED);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aRetryHookThatThrowsLeavesItsRowsUnknown(Supplier<Error> error) {
    BatchFlow flow =
        flow(batch -> Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT)))
            .failureClassifier(failure -> FailureKind.TRANSIENT)
            .retry(
                Retry.backoff(3, Duration.ofMillis(10))
                    .doBeforeRetry(
                        signal -> {
                          throw error.get();
                        }))
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aWriterThatCannotSayWhetherABatchIsRepeatableIsNotAskedToRepeatIt(Supplier<Error> error) {
    BatchFlow flow =
        Rows.flow(
                new BatchWriter() {
                  @Override
                  public Mono<BatchResult> write(Batch batch) {
                    return batch.rows().get(0).value(0).equals(1L)
                        ? Mono.error(new StackOverflowError())
                        : writer.write(batch);
                  }

                  @Override
                  public boolean isRepeatable(Batch batch) {
                    throw error.get();
                  }
                },
                time)
            .defaultPolicy(patient().maxSize(2).concurrency(1).build())
            .build();

    assertThat(firstBatch(flow, UPSERTS)).containsOnly(OutcomeStatus.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anInterruptThatThrowsDoesNotHoldTheDeadline(Supplier<Error> error) {
    AtomicInteger writes = new AtomicInteger();
    BatchFlow flow =
        Rows.flow(
                new BatchWriter() {
                  @Override
                  public Mono<BatchResult> write(Batch batch) {
                    return writes.getAndIncrement() == 0 ? Mono.never() : writer.write(batch);
                  }

                  @Override
                  public Mono<Void> interrupt(Batch batch) {
                    throw error.get();
                  }
                },
                time)
            .defaultPolicy(patient().maxSize(2).build())
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aDeadLetterThatThrowsIsLostAndItsRowRejected(Supplier<Error> error) {
    for (boolean inMono : new boolean[] {false, true}) {
      BatchFlow flow =
          brokenFor1And2(batch -> Mono.error(new IllegalStateException("rejected")))
              .deadLetter(
                  rejected -> {
                    if (!inMono) {
                      throw error.get();
                    }
                    return Mono.fromRunnable(
                        () -> {
                          throw error.get();
                        });
                  })
              .build();

      assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.REJECTED);
      assertThat(flow.stats().deadLettersLost()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aListenerThatThrowsChangesNothing(Supplier<Error> error) {
    BatchFlow flow =
        flow(writer::write)
            .listener(
                new BatchListener() {
                  @Override
                  public void onSealed(Schema schema, int rows, SealReason why, Duration oldest) {
                    throw error.get();
                  }

                  @Override
                  public void onWritten(Batch batch, BatchResult result, int n, Duration took) {
                    throw error.get();
                  }

                  @Override
                  public void onDurable(Schema schema, int rows, Duration took) {
                    throw error.get();
                  }
                })
            .build();

    assertThat(firstBatch(flow, EVENTS)).containsOnly(OutcomeStatus.WRITTEN);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aSubscriberThatThrowsCostsNobodyElse(Supplier<Error> error) {
    BatchFlow flow = flow(writer::write).build();
    flow.submit(event(1))
        .subscribe(
            result -> {
              throw error.get();
            });
    Rows.Probe<WriteResult> neighbour = watch(flow.submit(event(2)));
    flow.submitAll(Flux.just(event(3)))
        .subscribe(
            outcome -> {
              throw error.get();
            });
    Rows.Probe<WriteResult> behindStream = watch(flow.submit(event(4)));

    assertThat(neighbour.values).hasSize(1);
    assertThat(behindStream.values).hasSize(1);
    assertThat(watch(flow.flush()).completions).isEqualTo(1);
    assertThat(assertBalanced(flow).written()).isEqualTo(4);
    assertThat(watch(flow.close()).completions).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aSourceThatThrowsWhenAskedEndsItsStreamAlone(Supplier<Error> error) {
    BatchFlow flow = flow(writer::write).build();
    List<Throwable> errors = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    flow.submitAll(
            Flux.range(1, 5)
                .map(
                    id -> {
                      if (id == 3) {
                        throw error.get();
                      }
                      return event(id);
                    }))
        .subscribe(outcomes::add, errors::add);
    watch(flow.flush());

    assertThat(outcomes).hasSize(2).allMatch(Outcome::isWritten);
    assertThat(errors).singleElement().isInstanceOf(error.get().getClass());
    assertThat(watch(flow.close()).completions).isEqualTo(1);
    assertBalanced(flow);
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
