package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.batchflow.AbsentStrategy;
import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.InvalidRowException;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.RowAbsentException;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The part of the contract that is about rows whose keys may be there already. */
abstract class KeyedRowsContract {

  static final Duration PATIENCE = Duration.ofMinutes(1);

  private BatchWriter writer;

  /** Prepares an empty backend and returns a new writer to it. */
  protected abstract BatchWriter open() throws Exception;

  /**
   * Returns a row that the backend accepts and that may be there already: its schema has UPDATE or
   * REPLACE, and its key is the id. Null, which is the default, if there is no such schema.
   */
  protected @Nullable Row replacingRow(long id) {
    return null;
  }

  /**
   * Returns a row whose key is the id, and that may only update: it updates what {@link
   * #replacingRow} stored. Null, which is the default, if there is no such schema.
   *
   * @param strategy REJECT or IGNORE
   */
  protected @Nullable Row updatingRow(long id, AbsentStrategy strategy) {
    return null;
  }

  /** Returns the number of stored rows. */
  protected abstract long storedRows() throws Exception;

  /** Closes everything that {@link #open} created, except the writer, which is already closed. */
  protected abstract void cleanUp() throws Exception;

  @BeforeEach
  void openWriter() throws Exception {
    writer = open();
  }

  @AfterEach
  void closeWriter() throws Exception {
    writer.close().block(PATIENCE);
    cleanUp();
  }

  final BatchWriter writer() {
    return writer;
  }

  static Batch batch(List<Row> rows) {
    return new Batch(rows.get(0).schema(), rows);
  }

  /** Returns null if the batch failed because of its data, and not for another reason. */
  final @Nullable BatchResult resultOrDataFailure(Batch batch) {
    return writer
        .write(batch)
        .onErrorResume(
            failure -> {
              assertThat(writer.failureClassifier().classify(failure)).isEqualTo(FailureKind.DATA);
              return Mono.empty();
            })
        .block(PATIENCE);
  }

  /** Skips the test unless there are rows that may delete their keys. */
  private void assumeDeletes(boolean supported) {
    Row row = replacingRow(1);
    assumeTrue(row != null, "replacingRow is null");
    Schema schema = Objects.requireNonNull(row).schema();
    assertThat(schema.allowsDeletes()).isTrue();
    assumeTrue(writer.supportsDeletes(schema) == supported);
  }

  private Row stored(long id) {
    return Objects.requireNonNull(replacingRow(id), "replacingRow");
  }

  private Row deleted(long id) {
    Row stored = stored(id);
    Row delete = stored.schema().delete();
    stored.schema().conflictKey().forEach(column -> delete.set(column, stored.value(column)));
    return delete;
  }

  /** Writes rows as a flow does: merged and sorted by the writer's own rule. */
  private BatchResult writeAsAFlow(Row... rows) {
    Schema schema = rows[0].schema();
    writer.lookUp(schema).block(PATIENCE);
    KeyEquality rule = writer.keyEquality(schema);
    Batch batch = Batch.of(List.of(rows), rule == null ? KeyEquality.byBackend() : rule);
    return Objects.requireNonNull(writer.write(batch).block(PATIENCE));
  }

  @Test
  void aDeleteRemovesTheRowOfItsKeyAlone() throws Exception {
    assumeDeletes(true);
    writeAsAFlow(stored(1), stored(2), stored(3));
    assertThat(writeAsAFlow(deleted(2), deleted(7)).rejected()).isEmpty();
    assertThat(storedRows()).isEqualTo(2);
  }

  @Test
  void theLastRowOfAKeyDecides() throws Exception {
    assumeDeletes(true);
    writeAsAFlow(stored(1), stored(2));
    writeAsAFlow(deleted(1), stored(1), stored(2), deleted(2), stored(3), deleted(3));
    assertThat(storedRows()).isEqualTo(1);
    writeAsAFlow(deleted(1), stored(1), deleted(1));
    assertThat(storedRows()).isZero();
  }

  @Test
  void rowsInTheOrderOfTheirBatchAreNotReordered() throws Exception {
    assumeDeletes(true);
    List<Row> rows =
        Stream.of(stored(1), deleted(1), stored(1), stored(2), deleted(2))
            .map(Row::freeze)
            .toList();
    writer.write(batch(rows)).block(PATIENCE);
    assertThat(storedRows()).isEqualTo(1);
  }

  @Test
  void aFlowTurnsADeleteAwayThatItsWriterDoesNotSupport() {
    assumeDeletes(false);
    assertTurnedAway(deleted(1), "supportsDeletes");
  }

  private void assertTurnedAway(Row row, String remedy) {
    BatchFlow flow = BatchFlow.builder(writer).build();
    StepVerifier.create(flow.submit(row))
        .expectErrorSatisfies(
            failure ->
                assertThat(failure)
                    .isInstanceOf(InvalidRowException.class)
                    .hasMessageContaining(row.schema().table())
                    .hasMessageContaining(remedy))
        .verify(PATIENCE);
    flow.close().block(PATIENCE);
  }

  /** Skips the test unless there are rows that may only update. */
  private void assumeUpdates(boolean supported) {
    Row row = updatingRow(1, AbsentStrategy.REJECT);
    assumeTrue(row != null, "updatingRow is null");
    assumeTrue(writer.supportsUpdateOnly(Objects.requireNonNull(row).schema()) == supported);
  }

  private Row updating(long id, AbsentStrategy strategy) {
    Row row = Objects.requireNonNull(updatingRow(id, strategy), "updatingRow");
    assertThat(row.schema().onAbsent()).isEqualTo(strategy);
    return row;
  }

  @Test
  void aRowThatMayOnlyUpdateIsRejectedAloneIfItIsAbsent() throws Exception {
    assumeUpdates(true);
    writeAsAFlow(stored(1), stored(3));
    BatchResult result =
        writeAsAFlow(
            updating(1, AbsentStrategy.REJECT),
            updating(2, AbsentStrategy.REJECT),
            updating(3, AbsentStrategy.REJECT));
    assertThat(result.rejected()).containsOnlyKeys(1);
    assertThat(result.rejected().get(1)).isInstanceOf(RowAbsentException.class);
    assertThat(storedRows()).isEqualTo(2);
  }

  @Test
  void aRowThatMayOnlyUpdateIsIgnoredOnRequestIfItIsAbsent() throws Exception {
    assumeUpdates(true);
    writeAsAFlow(stored(1));
    BatchResult result =
        writeAsAFlow(updating(1, AbsentStrategy.IGNORE), updating(2, AbsentStrategy.IGNORE));
    assertThat(result.rejected()).isEmpty();
    assertThat(storedRows()).isEqualTo(1);
  }

  @Test
  void aFlowTurnsAnUpdateAwayThatItsWriterDoesNotSupport() {
    assumeUpdates(false);
    assertTurnedAway(updating(1, AbsentStrategy.REJECT), "supportsUpdateOnly");
  }

  /** Writes units. Returns null if the batch failed because of its data. */
  private @Nullable BatchResult writeUnits(List<List<Row>> units) {
    return resultOrDataFailure(batch(units.stream().map(Unit::of).toList()));
  }

  @Test
  void aUnitStoresAndDeletesInTheOrderOfItsRows() throws Exception {
    assumeTrue(writer.supportsUnits());
    assumeDeletes(true);
    BatchResult result =
        writeUnits(
            List.of(
                List.of(stored(1), stored(2), deleted(1)),
                List.of(deleted(2), stored(3)),
                List.of(deleted(3), stored(3))));
    assertThat(Objects.requireNonNull(result, "result").rejected()).isEmpty();
    assertThat(storedRows()).isEqualTo(1);
  }

  /** An absent row rejects its unit, or the batch fails and leaves nothing. */
  @Test
  void aUnitWithAnAbsentRowLeavesNothing() throws Exception {
    assumeTrue(writer.supportsUnits());
    assumeUpdates(true);
    writeAsAFlow(stored(1));
    BatchResult result =
        writeUnits(
            List.of(
                List.of(stored(2), updating(1, AbsentStrategy.REJECT)),
                List.of(stored(3), updating(9, AbsentStrategy.REJECT))));
    if (result == null) {
      assertThat(storedRows()).isEqualTo(1);
    } else {
      assertThat(result.rejected()).containsOnlyKeys(1);
      assertThat(storedRows()).isEqualTo(2);
    }
  }

  @Test
  void aUnitFindsTheRowsThatItHasStoredItself() throws Exception {
    assumeTrue(writer.supportsUnits());
    assumeUpdates(true);
    BatchResult result =
        writeUnits(
            List.of(
                List.of(
                    stored(1),
                    updating(1, AbsentStrategy.REJECT),
                    updating(9, AbsentStrategy.IGNORE))));
    assertThat(Objects.requireNonNull(result, "result").rejected()).isEmpty();
    assertThat(storedRows()).isEqualTo(1);
  }
}
