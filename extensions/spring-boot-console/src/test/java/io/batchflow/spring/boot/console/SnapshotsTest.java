package io.batchflow.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.SealReason;
import io.batchflow.health.FlowHealth;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RecordingWriter writer = RecordingWriter.create();
  private final FlowActivity activity = new FlowActivity();
  private final BatchFlow flow = BatchFlow.builder(writer).listener(activity).build();

  @AfterEach
  void close() {
    flow.close().block(PATIENCE);
  }

  @Test
  void aSnapshotHasWhatAListenerSaw() {
    store("sales");
    store("sales");

    FlowSnapshot snapshot = snapshot();

    assertThat(snapshot.ledger().written()).isEqualTo(2);
    assertThat(snapshot.activity()).isNotNull();
    assertThat(snapshot.activity().rows()).isEqualTo(2);
    assertThat(snapshot.activity().seals().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(snapshot.batches());
    assertThat(snapshot.activity().seals()).containsKeys(SealReason.values());
    assertThat(snapshot.activity().latencies()).isNotNull();
    assertThat(snapshot.activity().latencies().p99Millis())
        .isGreaterThanOrEqualTo(snapshot.activity().latencies().p50Millis())
        .isPositive();
    assertThat(first(snapshot).writes()).isEqualTo(2);
  }

  @Test
  void latenciesAreThoseSinceTheLastSnapshot() {
    store("sales");
    snapshot();

    assertThat(snapshot().activity().latencies()).isNull();
  }

  @Test
  void tablesThatNeedAttentionComeFirstAndTheRestIsCounted() {
    for (int i = 0; i < TableSnapshot.MOST + 5; i++) {
      store("table" + i);
    }
    flow.control("table7").pause().block(PATIENCE);
    writer.failing(TableSnapshot.MOST + 6, RecordingWriter.failure(FailureKind.UNUSABLE));
    flow.submit(row("table9")).onErrorComplete().block(PATIENCE);

    FlowSnapshot snapshot = snapshot();

    assertThat(snapshot.tables()).hasSize(TableSnapshot.MOST);
    assertThat(snapshot.moreTables()).isEqualTo(5);
    assertThat(snapshot.tables().keySet().stream().limit(2)).containsExactly("table9", "table7");
    assertThat(first(snapshot).lastError()).isNotNull();
  }

  @Test
  void eachReasonOfTheHealthSaysWhatToDo() {
    flow.control("sales").pause().block(PATIENCE);

    assertThat(snapshot().advice())
        .containsOnlyKeys(FlowHealth.Reason.TABLE_PAUSED)
        .allSatisfy((reason, advice) -> assertThat(advice).contains("Resume"));
  }

  @Test
  void aFlowOfTheApplicationIsShownWithoutActivity() {
    store("sales");

    FlowSnapshot snapshot = FlowSnapshot.of(flow, null, List.of());

    assertThat(snapshot.activity()).isNull();
    assertThat(snapshot.tables()).hasSize(1);
  }

  private FlowSnapshot snapshot() {
    return FlowSnapshot.of(flow, activity, List.of());
  }

  private static TableSnapshot first(FlowSnapshot snapshot) {
    return snapshot.tables().values().iterator().next();
  }

  private void store(String table) {
    flow.submit(row(table)).block(PATIENCE);
  }

  private static io.batchflow.Row row(String table) {
    return Schema.table(table).columns("id").build().row().set("id", 1L);
  }
}
