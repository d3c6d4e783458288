package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Rows that are bad only because another row of their batch is missing. */
class SecondLookTest {

  private static final int BAD = -1;

  private static Schema schema(ConflictStrategy strategy) {
    return Schema.table("people")
        .columns("id", "parent")
        .conflictKey("id")
        .onConflict(strategy)
        .build();
  }

  /** Rejects a batch with a row whose parent is neither stored nor in the batch, as SQL does. */
  private static final class Family implements BatchWriter {

    final Set<Integer> stored = new HashSet<>();
    final List<List<Integer>> batches = new ArrayList<>();

    @Override
    public Mono<BatchResult> write(Batch batch) {
      List<Integer> ids = batch.rows().stream().map(row -> (Integer) row.value(0)).toList();
      batches.add(ids);
      Set<Integer> then = new HashSet<>(stored);
      then.addAll(ids);
      for (Row row : batch.rows()) {
        Object parent = row.value(1);
        if (parent != null && !then.contains(parent)) {
          return Mono.error(RecordingWriter.failure(FailureKind.DATA));
        }
      }
      stored.addAll(ids);
      return Mono.just(BatchResult.written(ids.size()));
    }

    @Override
    public FailureClassifier failureClassifier() {
      return failure -> FailureKind.DATA;
    }
  }

  private final Family family = new Family();

  /** Submits ids with their parents as one batch, and returns how each row ended. */
  private List<OutcomeStatus> statuses(ConflictStrategy strategy, int[]... rows) {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Schema schema = schema(strategy);
    BatchFlow flow =
        Rows.flow(family, time)
            .defaultPolicy(patient().maxSize(rows.length).concurrency(1).build())
            .build();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    for (int[] values : rows) {
      Row row = schema.row().set(0, values[0]);
      probes.add(watch(flow.submit(values.length == 1 ? row : row.set(1, values[1]))));
    }
    time.advanceTime();
    assertThat(flow.stats().ledger().isBalanced()).isTrue();
    assertThat(flow.stats().ledger().pending()).isZero();
    return Rows.statuses(probes);
  }

  @Test
  void aChildThatCameBeforeItsParentIsWrittenThoughAnotherRowIsBad() {
    assertThat(
            statuses(
                ConflictStrategy.FAIL,
                new int[] {1, 4},
                new int[] {2},
                new int[] {3, BAD},
                new int[] {4}))
        .containsExactly(
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.REJECTED,
            OutcomeStatus.WRITTEN);
    assertThat(family.stored).containsExactlyInAnyOrder(1, 2, 4);
  }

  @Test
  void aChainOfChildrenIsWrittenTogether() {
    assertThat(
            statuses(
                ConflictStrategy.UPDATE,
                new int[] {1, 2},
                new int[] {2, 3},
                new int[] {3, 8},
                new int[] {4, BAD},
                new int[] {5},
                new int[] {6},
                new int[] {7},
                new int[] {8}))
        .containsOnlyOnce(OutcomeStatus.REJECTED)
        .element(3)
        .isEqualTo(OutcomeStatus.REJECTED);
  }

  @Test
  void noOtherTryIsMadeWhereNothingWasWrittenSince() {
    assertThat(statuses(ConflictStrategy.FAIL, new int[] {1}, new int[] {2, BAD}))
        .containsExactly(OutcomeStatus.WRITTEN, OutcomeStatus.REJECTED);
    assertThat(family.batches).containsExactly(List.of(1, 2), List.of(1), List.of(2));
  }

  @Test
  void aLaterRowOfTheSameKeyIsNotUndone() {
    // The first row of key 1 fails because row 3 is missing. It must not be written after the
    // second.
    assertThat(
            statuses(
                ConflictStrategy.REPLACE,
                new int[] {1, 3},
                new int[] {1},
                new int[] {2, BAD},
                new int[] {3}))
        .containsExactly(
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.REJECTED,
            OutcomeStatus.WRITTEN);
    assertThat(statuses(ConflictStrategy.REPLACE, new int[] {5, BAD}, new int[] {5, BAD}))
        .containsOnly(OutcomeStatus.REJECTED);
  }
}
