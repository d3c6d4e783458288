package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.stats.Ledger;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** Each failure tells its status, its row and the backend's words, without types of a driver. */
class FailureDetailsTest {

  private static final BackendError DUPLICATE = new BackendError("23505", "7", true);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final List<Row> deadLetters = new ArrayList<>();

  /** Fails each batch, and says the same about every failure. */
  private BatchFlow flow(FailureKind kind, BackendError error) {
    RecordingWriter writer = RecordingWriter.create().failing(1, RecordingWriter.failure(kind));
    for (int attempt = 2; attempt < 9; attempt++) {
      writer.failing(attempt, RecordingWriter.failure(kind));
    }
    BatchWriter telling =
        new BatchWriter() {
          @Override
          public Mono<BatchResult> write(Batch batch) {
            return writer.write(batch);
          }

          @Override
          public FailureClassifier failureClassifier() {
            return writer.failureClassifier();
          }

          @Override
          public BackendError backendError(Throwable failure) {
            if (error == null) {
              throw new IllegalStateException("no details today");
            }
            return error;
          }
        };
    return Rows.flow(telling, time)
        .retry(Retry.fixedDelay(1, Duration.ofSeconds(1)))
        .deadLetter(rejected -> Mono.fromRunnable(() -> deadLetters.add(rejected.row())))
        .build();
  }

  private BatchFlowException failure(BatchFlow flow, Row row) {
    Rows.Probe<WriteResult> probe = watch(flow.submit(row));
    time.advanceTimeBy(Duration.ofMinutes(1));
    return (BatchFlowException) probe.errors.get(0);
  }

  @Test
  void aRejectedRowTellsTheDatabasesCodes() {
    Row row = event(1);

    BatchFlowException failure = failure(flow(FailureKind.DATA, DUPLICATE), row);

    assertThat(failure).isInstanceOf(RowRejectedException.class);
    assertThat(failure.status()).isEqualTo(OutcomeStatus.REJECTED);
    assertThat(failure.row()).isSameAs(row);
    assertThat(failure.table()).isEqualTo("events");
    assertThat(failure.sqlState()).isEqualTo("23505");
    assertThat(failure.code()).isEqualTo("7");
    assertThat(failure.isDuplicateKey()).isTrue();
    assertThat(failure.isRetryable()).isFalse();
    assertThat(deadLetters).containsExactly(row);
  }

  @Test
  void aRowWhoseOutcomeIsUnknownIsNoDuplicateForCertain() {
    BatchFlowException failure = failure(flow(FailureKind.UNKNOWN, DUPLICATE), event(1));

    assertThat(failure.status()).isEqualTo(OutcomeStatus.UNKNOWN);
    assertThat(failure.isDuplicateKey()).isFalse();
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure.sqlState()).isEqualTo("23505");
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureKind.class,
      names = {"TRANSIENT", "CONTENTION", "PERMANENT", "UNUSABLE"})
  void aBatchThatFailedMayBeRetriedIfItsFailureMayPass(FailureKind kind) {
    BatchFlowException failure = failure(flow(kind, DUPLICATE), event(1));

    assertThat(failure).isInstanceOf(BatchWriteException.class);
    assertThat(failure.isRetryable())
        .isEqualTo(kind == FailureKind.TRANSIENT || kind == FailureKind.CONTENTION);
  }

  @Test
  void aWriterThatThrowsWhenItIsAskedForDetailsCostsTheDetailsOnly() {
    BatchFlowException failure = failure(flow(FailureKind.DATA, null), event(1));

    assertThat(failure.status()).isEqualTo(OutcomeStatus.REJECTED);
    assertThat(failure.sqlState()).isNull();
    assertThat(failure.code()).isNull();
    assertThat(failure.isDuplicateKey()).isFalse();
  }

  @Test
  void aRowThatTheWriterCannotSendIsInvalidAndCountedApart() {
    BatchFlow flow = flow(FailureKind.INVALID, DUPLICATE);
    Row row = event(1);

    BatchFlowException failure = failure(flow, row);

    assertThat(failure).isInstanceOf(InvalidRowException.class);
    assertThat(failure.status()).isEqualTo(OutcomeStatus.INVALID);
    assertThat(failure.row()).isSameAs(row);
    assertThat(failure.isDuplicateKey()).isFalse();
    assertThat(failure.isRetryable()).isFalse();
    Ledger ledger = assertBalanced(flow);
    assertThat(List.of(ledger.invalid(), ledger.rejected())).containsExactly(1L, 0L);
    assertThat(deadLetters).containsExactly(row);
  }

  @Test
  void aRowThatIsTurnedAwayKnowsItself() {
    BatchFlow flow = flow(FailureKind.DATA, DUPLICATE);
    Row incomplete = Schema.table("t").columns("id").required("id").build().row();

    BatchFlowException failure = failure(flow, incomplete);

    assertThat(failure.status()).isEqualTo(OutcomeStatus.INVALID);
    assertThat(failure.row()).isSameAs(incomplete);
    assertThat(flow.stats().turnedAway()).isEqualTo(1);
    assertThat(assertBalanced(flow).admitted()).isZero();
  }

  @Test
  void aFullFlowIsWorthARetryAndAClosedOneIsNot() {
    BatchFlow flow =
        Rows.flow(RecordingWriter.create().hold(), time)
            .maxPending(1)
            .defaultPolicy(BatchPolicy.builder().maxSize(1).overflow(Overflow.FAIL).build())
            .build();
    watch(flow.submit(event(1)));

    Row turnedAway = event(2);
    BatchFlowException full = failure(flow, turnedAway);
    watch(flow.close(Duration.ofSeconds(1)));
    time.advanceTimeBy(Duration.ofHours(1));
    BatchFlowException closed = failure(flow, event(3));

    assertThat(List.of(full.status(), closed.status())).containsOnly(OutcomeStatus.NOT_SENT);
    assertThat(List.of(full.isRetryable(), closed.isRetryable())).containsExactly(true, false);
    assertThat(full.row()).isSameAs(turnedAway);
  }

  @Test
  void eachRowOfAStreamIsTheRowOfItsFailure() {
    BatchFlow flow = Rows.flow(RecordingWriter.create().rejecting(bad -> true), time).build();
    List<Outcome<Row>> outcomes = new ArrayList<>();

    flow.submitAll(Flux.range(0, 20).map(id -> row(EVENTS, id, "v"))).subscribe(outcomes::add);
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(outcomes)
        .hasSize(20)
        .allSatisfy(outcome -> assertThat(outcome.error().row()).isSameAs(outcome.row()));
  }
}
