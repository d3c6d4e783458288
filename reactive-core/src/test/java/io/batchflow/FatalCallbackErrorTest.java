package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A fatal error of any other code that the flow calls affects only the rows of that call. */
class FatalCallbackErrorTest extends FatalErrors {

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
    List<Outcome<Row>> outcomes = new ArrayList<>();
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
}
