package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.stats.FlowStats;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** A backend that fails single rows of a batch, each for its own reason. */
class RowFailureTest {

  /** A failure that names its kind. */
  private static final class Failure extends RuntimeException {

    final FailureKind kind;

    Failure(FailureKind kind) {
      super(kind.name());
      this.kind = kind;
    }
  }

  /** The answers for each key, one for each attempt; after them the row is written. */
  private static final class Backend implements BatchWriter {

    final Map<Long, Deque<FailureKind>> answers = new HashMap<>();
    final List<List<Long>> batches = new ArrayList<>();

    Backend answering(long key, FailureKind... kinds) {
      answers.put(key, new ArrayDeque<>(List.of(kinds)));
      return this;
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      List<Long> keys = batch.rows().stream().map(row -> (Long) row.value(0)).toList();
      batches.add(keys);
      Map<Integer, Throwable> rejected = new HashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        FailureKind kind = answers.getOrDefault(keys.get(i), new ArrayDeque<>()).poll();
        if (kind != null) {
          rejected.put(i, new Failure(kind));
        }
      }
      return Mono.just(BatchResult.partly(keys.size() - rejected.size(), rejected));
    }

    @Override
    public FailureClassifier failureClassifier() {
      return failure -> ((Failure) failure).kind;
    }
  }

  private final Backend backend = new Backend();
  private @Nullable FlowStats stats;

  /** Submits rows as one batch, waits for retries, and returns how each row ended. */
  private List<OutcomeStatus> statuses(ConflictStrategy strategy, long... keys) {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Schema schema = Schema.table("t").columns("id").conflictKey("id").onConflict(strategy).build();
    BatchFlow flow =
        Rows.flow(backend, time)
            .defaultPolicy(patient().maxSize(keys.length).concurrency(1).build())
            .retry(Retry.backoff(3, Duration.ofMillis(10)))
            .build();
    List<Rows.Probe<WriteResult>> probes =
        LongStream.of(keys)
            .mapToObj(key -> watch(flow.submit(schema.row().set("id", key))))
            .toList();
    time.advanceTimeBy(Duration.ofMinutes(1));
    stats = flow.stats();
    return Rows.statuses(probes);
  }

  @Test
  void onlyWhatIsTransientIsSentAgain() {
    backend
        .answering(2, FailureKind.TRANSIENT, FailureKind.TRANSIENT)
        .answering(3, FailureKind.DATA)
        .answering(4, FailureKind.TRANSIENT);

    assertThat(statuses(ConflictStrategy.FAIL, 1, 2, 3, 4, 5))
        .containsExactly(
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.REJECTED,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN);
    assertThat(backend.batches)
        .containsExactly(List.of(1L, 2L, 3L, 4L, 5L), List.of(2L, 4L), List.of(2L));
    assertThat(stats.ledger().isBalanced()).isTrue();
    assertThat(stats.retries()).isEqualTo(2);
  }

  @Test
  void whatStaysTransientIsRejectedAfterTheLastTry() {
    FailureKind again = FailureKind.TRANSIENT;
    backend.answering(1, again, again, again, again, again);

    assertThat(statuses(ConflictStrategy.UPDATE, 1, 2))
        .containsExactly(OutcomeStatus.REJECTED, OutcomeStatus.WRITTEN);
    assertThat(backend.batches)
        .containsExactly(List.of(1L, 2L), List.of(1L), List.of(1L), List.of(1L));
  }

  @Test
  void anAmbiguousRowIsReportedWhereARepeatWouldHarm() {
    backend.answering(1, FailureKind.UNKNOWN).answering(2, FailureKind.TRANSIENT);

    assertThat(statuses(ConflictStrategy.FAIL, 1, 2, 3))
        .containsExactly(OutcomeStatus.UNKNOWN, OutcomeStatus.WRITTEN, OutcomeStatus.WRITTEN);
    assertThat(backend.batches).containsExactly(List.of(1L, 2L, 3L), List.of(2L));
  }

  @Test
  void anAmbiguousRowIsSentAgainWhereARepeatIsHarmless() {
    backend.answering(1, FailureKind.UNKNOWN);

    assertThat(statuses(ConflictStrategy.UPDATE, 1, 2))
        .containsExactly(OutcomeStatus.WRITTEN, OutcomeStatus.WRITTEN);
    assertThat(backend.batches).containsExactly(List.of(1L, 2L), List.of(1L));
  }

  @Test
  void whatIsRejectedAfterAnAmbiguousTryIsUnknown() {
    backend.answering(1, FailureKind.UNKNOWN, FailureKind.DATA);

    assertThat(statuses(ConflictStrategy.UPDATE, 1, 2))
        .containsExactly(OutcomeStatus.UNKNOWN, OutcomeStatus.WRITTEN);
  }

  @Test
  void aRowThatTravelledInAnotherIsToldApart() {
    backend.answering(1, FailureKind.TRANSIENT, FailureKind.DATA, FailureKind.DATA);

    assertThat(statuses(ConflictStrategy.UPDATE, 1, 1, 2, 2))
        .containsExactly(
            OutcomeStatus.REJECTED,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN);
    assertThat(backend.batches)
        .containsExactly(List.of(1L, 2L), List.of(1L), List.of(1L), List.of(1L));
    assertThat(stats.merged()).isEqualTo(1);
  }
}
