package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broken table is recognized after a bounded number of writes. */
class BrokenTableTest extends SuspectRows {

  @Test
  void aPermanentFailureOfTenThousandRowsCostsAtMostTwentyWritesMore() {
    database.guilt = row -> FailureKind.PERMANENT;

    List<Rows.Probe<WriteResult>> probes = submit(flow(10_000, 1), events(10_000));

    assertThat(rejected(probes)).hasSize(10_000);
    assertThat(probes)
        .allSatisfy(
            probe -> assertThat(probe.errors.get(0)).isInstanceOf(BatchWriteException.class));
    assertThat(database.extraWrites()).isBetween(2, 20);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPermanentFailureOfTenThousandRowsWithKeysCostsAtMostTwentyWritesMore(boolean byBackend) {
    database.keys = byBackend ? KeyEquality.byBackend() : KeyEquality.byValue();
    database.guilt = row -> FailureKind.PERMANENT;

    assertThat(rejected(submit(flow(10_000, 1), settings(10_000)))).hasSize(10_000);
    assertThat(database.extraWrites()).isBetween(2, 20);
  }

  @Test
  void aPermanentFailureOfSeveralBatchesCostsAtMostTwentyWritesMore() {
    database.guilt = row -> FailureKind.PERMANENT;

    assertThat(rejected(submit(flow(1_000, 4), events(10_000)))).hasSize(10_000);

    long whole = database.batches.stream().filter(batch -> batch.size() == 1_000).count();
    assertThat(whole).isEqualTo(10);
    assertThat(database.batches.size() - whole).isLessThanOrEqualTo(20);
  }

  @Test
  void aTableThatWasBrokenIsBelievedSoonerUntilARowIsWritten() {
    BatchFlow flow = flow(100, 1);
    database.guilt = row -> FailureKind.PERMANENT;
    submit(flow, events(100));
    int first = database.batches.size();

    submit(flow, events(100));
    assertThat(database.batches.size() - first).isEqualTo(2);

    database.guilty(FailureKind.PERMANENT, Set.of(7L));
    assertThat(rejected(submit(flow, events(100)))).isEqualTo(Set.of(7L));

    int mended = database.batches.size();
    database.guilt = row -> FailureKind.PERMANENT;
    submit(flow, events(100));
    assertThat(database.batches.size() - mended).isEqualTo(first);
  }

  @Test
  void whatNoRowCanCauseFailsAtOnce() {
    database.guilt = row -> FailureKind.UNUSABLE;

    List<Rows.Probe<WriteResult>> probes = submit(flow(100, 1), events(100));

    assertThat(database.batches).hasSize(1);
    assertThat(probes)
        .allSatisfy(
            probe -> assertThat(probe.errors.get(0)).isInstanceOf(BatchWriteException.class));
  }

  @Test
  void aTableThatProvesUnusableMeanwhileEndsTheSearch() {
    database.guilt =
        row -> database.batches.size() == 1 ? FailureKind.PERMANENT : FailureKind.UNUSABLE;

    assertThat(rejected(submit(flow(100, 1), events(100)))).hasSize(100);
    assertThat(database.batches).hasSize(2);
  }

  @Test
  void aTableThatIsLockedFailsAfterAHandfulOfWrites() {
    database.guilt = row -> FailureKind.CONTENTION;

    assertThat(rejected(submit(flow(1_000, 1), events(1_000)))).hasSize(1_000);
    assertThat(database.batches).hasSize(1 + RETRIES + 5);
  }

  @Test
  void whatIsNoRowsDoingIsNotSearched() {
    database.guilty(FailureKind.TRANSIENT, Set.of(7L));

    assertThat(rejected(submit(flow(100, 1), events(100)))).hasSize(100);
    assertThat(database.batches).hasSize(1 + RETRIES);
  }

  @Test
  void aBackendIsDownForABrokenTableAndUpForGuiltyRows() {
    database.guilty(FailureKind.PERMANENT, Set.of(3L, 8L));
    BatchFlow flow = flow(100, 1);
    submit(flow, events(100));
    assertThat(flow.health().status()).isEqualTo(FlowHealth.Status.UP);

    database.guilt = row -> FailureKind.PERMANENT;
    for (Row row : events(100)) {
      watch(flow.submit(row));
    }
    assertThat(flow.health().status()).isNotEqualTo(FlowHealth.Status.UP);
    assertThat(flow.health().failingTables()).containsKey(EVENTS.table());
  }
}
