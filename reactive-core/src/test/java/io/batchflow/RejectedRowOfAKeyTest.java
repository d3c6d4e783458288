package io.batchflow;

import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A row that was rejected alone is not written again after a later row of its key. Under IGNORE the
 * database would then compare only the key, and accept it.
 */
class RejectedRowOfAKeyTest {

  private static final Schema SCHEMA =
      Schema.table("orders")
          .columns("id", "value")
          .conflictKey("id")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  /** Rejects bad rows with a new key, and compares keys by another rule after it stored one. */
  private static final class Backend implements BatchWriter {

    private final Set<Object> keys = new HashSet<>();
    private boolean changes;

    @Override
    public KeyEquality keyEquality(Schema schema) {
      return changes && !keys.isEmpty() ? KeyEquality.byBackend() : KeyEquality.byValue();
    }

    @Override
    public Mono<BatchResult> write(Batch batch) {
      return Mono.fromSupplier(
          () -> {
            Set<Object> added = new HashSet<>();
            for (Row row : batch.rows()) {
              Object key = Objects.requireNonNull(row.value("id"));
              if ("unstorable".equals(row.value("value"))) {
                throw new BadRowException(
                    batch.rows().indexOf(row), RecordingWriter.failure(FailureKind.DATA));
              }
              boolean fresh = !keys.contains(key) && added.add(key);
              if (fresh && "bad".equals(row.value("value"))) {
                throw RecordingWriter.failure(FailureKind.DATA);
              }
            }
            keys.addAll(added);
            return BatchResult.written(added.size());
          });
    }

    @Override
    public FailureClassifier failureClassifier() {
      return RecordingWriter.create().failureClassifier();
    }
  }

  private static List<OutcomeStatus> statuses(boolean ruleChanges) {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Backend backend = new Backend();
    backend.changes = ruleChanges;
    BatchFlow flow =
        Rows.flow(backend, time).defaultPolicy(Rows.patient().maxSize(4).build()).build();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    probes.add(watch(flow.submit(row(SCHEMA, 1, "bad"))));
    probes.add(watch(flow.submit(row(SCHEMA, 1, "good"))));
    probes.add(watch(flow.submit(row(SCHEMA, 2, "good"))));
    probes.add(watch(flow.submit(row(SCHEMA, 3, "good"))));
    time.advanceTime();
    assertThat(backend.keys).containsExactlyInAnyOrder(1L, 2L, 3L);
    return Rows.statuses(probes);
  }

  private static final List<OutcomeStatus> FIRST_REJECTED =
      List.of(
          OutcomeStatus.REJECTED,
          OutcomeStatus.WRITTEN,
          OutcomeStatus.WRITTEN,
          OutcomeStatus.WRITTEN);

  @Test
  void aLaterRowOfItsKeyIsWrittenAndTheRejectedOneIsNot() {
    assertThat(statuses(false)).isEqualTo(FIRST_REJECTED);
  }

  /** The earlier row is removed by name, so it is written without the later ones. */
  @Test
  void norIsItWhenARowBesideItIsTakenOut() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    BatchFlow flow =
        Rows.flow(new Backend(), time).defaultPolicy(Rows.patient().maxSize(7).build()).build();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    probes.add(watch(flow.submit(row(SCHEMA, 3, "bad"))));
    probes.add(watch(flow.submit(row(SCHEMA, 1, "good"))));
    probes.add(watch(flow.submit(row(SCHEMA, 2, "good"))));
    probes.add(watch(flow.submit(row(SCHEMA, 3, "good"))));
    probes.add(watch(flow.submit(row(SCHEMA, 4, "good"))));
    probes.add(watch(flow.submit(row(SCHEMA, 2, "unstorable"))));
    probes.add(watch(flow.submit(row(SCHEMA, 5, "good"))));
    time.advanceTime();

    assertThat(Rows.statuses(probes))
        .containsExactly(
            OutcomeStatus.REJECTED,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.WRITTEN,
            OutcomeStatus.REJECTED,
            OutcomeStatus.WRITTEN);
  }

  /** As if the table were looked up again in the middle of a batch, after an unstorable value. */
  @Test
  void norIsItWhenTheRowsAreSortedByAnotherRuleAfterwards() {
    assertThat(statuses(true)).isEqualTo(FIRST_REJECTED);
  }
}
