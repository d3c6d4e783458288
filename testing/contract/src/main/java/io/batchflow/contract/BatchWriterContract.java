package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.InvalidRowException;
import io.batchflow.KeyEquality;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * The contract of {@link BatchWriter} as tests. Extend it and implement the access to your backend.
 * Each test starts with an empty backend.
 */
public abstract class BatchWriterContract {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private BatchWriter writer;

  /** Prepares an empty backend and returns a new writer to it. */
  protected abstract BatchWriter open() throws Exception;

  /**
   * Returns a row that the backend accepts. All rows have the same schema, and each id occurs once.
   */
  protected abstract Row goodRow(long id);

  /** Returns a row of the same schema that the backend must reject because of its content. */
  protected abstract Row badRow(long id);

  /**
   * Returns a row that the backend accepts and that may be there already: its schema has UPDATE or
   * REPLACE, and its key is the id. Null, which is the default, if there is no such schema.
   */
  protected @Nullable Row replacingRow(long id) {
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

  private List<Row> goodRows(int count) {
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < count; id++) {
      rows.add(goodRow(id));
    }
    return rows;
  }

  private static Batch batch(List<Row> rows) {
    return new Batch(rows.get(0).schema(), rows);
  }

  @Test
  void aValueMeansThatTheBatchIsStored() throws Exception {
    StepVerifier.create(writer.write(batch(goodRows(100))))
        .assertNext(result -> assertThat(result.rejected()).isEmpty())
        .expectComplete()
        .verify(PATIENCE);
    assertThat(storedRows()).isEqualTo(100);
  }

  @Test
  void nothingHappensBeforeTheSubscription() throws Exception {
    Mono<BatchResult> write = writer.write(batch(goodRows(3)));
    assertThat(storedRows()).isZero();
    write.block(PATIENCE);
    assertThat(storedRows()).isEqualTo(3);
  }

  /**
   * Either the batch fails because of its data and leaves nothing, or only the bad row is rejected.
   */
  @Test
  void aBadRowIsRejectedAloneOrItsBatchLeavesNothing() throws Exception {
    List<Row> rows = goodRows(10);
    rows.set(6, badRow(6));
    BatchResult result = resultOrDataFailure(batch(rows));
    if (result == null) {
      assertThat(storedRows()).isZero();
    } else {
      assertThat(result.rejected()).containsOnlyKeys(6);
      assertThat(storedRows()).isEqualTo(9);
    }
  }

  /** Returns null if the batch failed because of its data, and not for another reason. */
  private @Nullable BatchResult resultOrDataFailure(Batch batch) {
    return writer
        .write(batch)
        .onErrorResume(
            failure -> {
              assertThat(writer.failureClassifier().classify(failure)).isEqualTo(FailureKind.DATA);
              return Mono.empty();
            })
        .block(PATIENCE);
  }

  @Test
  void aWriterContinuesAfterAFailure() throws Exception {
    List<Row> bad = List.of(badRow(1));
    writer.write(batch(bad)).onErrorResume(failure -> Mono.empty()).block(PATIENCE);
    writer.write(batch(goodRows(5))).block(PATIENCE);
    assertThat(storedRows()).isEqualTo(5);
  }

  @Test
  void aSubscriberIsNotBlocked() throws Exception {
    StepVerifier.create(
            Mono.defer(() -> writer.write(batch(goodRows(20)))).subscribeOn(Schedulers.parallel()))
        .expectNextCount(1)
        .expectComplete()
        .verify(PATIENCE);
    assertThat(storedRows()).isEqualTo(20);
  }

  @Test
  void thereIsOneVerdictForEachRowOrNone() {
    Batch asked = new Batch(goodRow(0).schema(), goodRows(4), true);
    StepVerifier.create(writer.write(asked))
        .assertNext(result -> assertThat(result.verdicts().size()).isIn(0, 4))
        .expectComplete()
        .verify(PATIENCE);
  }

  /** Returns units of two good rows each. */
  private List<List<Row>> goodUnits(int count) {
    List<Row> rows = goodRows(2 * count);
    List<List<Row>> units = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      units.add(List.of(rows.get(2 * i), rows.get(2 * i + 1)));
    }
    return units;
  }

  private static Batch batchOfUnits(List<List<Row>> units) {
    return batch(units.stream().map(Unit::of).toList());
  }

  @Test
  void unitsAreStoredWithAllTheirRows() throws Exception {
    assumeTrue(writer.supportsUnits());
    StepVerifier.create(writer.write(batchOfUnits(goodUnits(10))))
        .assertNext(result -> assertThat(result.rejected()).isEmpty())
        .expectComplete()
        .verify(PATIENCE);
    assertThat(storedRows()).isEqualTo(20);
  }

  /** Nothing of a bad unit is stored. The others are, unless the batch fails as a whole. */
  @Test
  void aBadUnitIsRejectedAloneOrItsBatchLeavesNothing() throws Exception {
    assumeTrue(writer.supportsUnits());
    List<List<Row>> units = goodUnits(10);
    units.set(6, List.of(goodRow(100), badRow(101), goodRow(102)));
    BatchResult result = resultOrDataFailure(batchOfUnits(units));
    if (result == null) {
      assertThat(storedRows()).isZero();
    } else {
      assertThat(result.rejected()).containsOnlyKeys(6);
      assertThat(storedRows()).isEqualTo(18);
    }
  }

  @Test
  void aFlowRefusesUnitsThatItsWriterDoesNotSupport() {
    assumeTrue(!writer.supportsUnits());
    BatchFlow flow = BatchFlow.builder(writer).build();
    assertThatThrownBy(() -> flow.submitTogether(List.of(goodRow(1))))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("submitTogether");
    flow.close().block(PATIENCE);
  }

  /** Skips the test unless there are rows that may delete their keys. */
  private Schema schemaWithDeletes(boolean supported) {
    Row row = replacingRow(1);
    assumeTrue(row != null, "replacingRow is null");
    Schema schema = Objects.requireNonNull(row).schema();
    assertThat(schema.allowsDeletes()).isTrue();
    assumeTrue(writer.supportsDeletes(schema) == supported);
    return schema;
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
    schemaWithDeletes(true);
    writeAsAFlow(stored(1), stored(2), stored(3));
    assertThat(writeAsAFlow(deleted(2), deleted(7)).rejected()).isEmpty();
    assertThat(storedRows()).isEqualTo(2);
  }

  @Test
  void theLastRowOfAKeyDecides() throws Exception {
    schemaWithDeletes(true);
    writeAsAFlow(stored(1), stored(2));
    writeAsAFlow(deleted(1), stored(1), stored(2), deleted(2), stored(3), deleted(3));
    assertThat(storedRows()).isEqualTo(1);
    writeAsAFlow(deleted(1), stored(1), deleted(1));
    assertThat(storedRows()).isZero();
  }

  @Test
  void rowsInTheOrderOfTheirBatchAreNotReordered() throws Exception {
    schemaWithDeletes(true);
    List<Row> rows =
        Stream.of(stored(1), deleted(1), stored(1), stored(2), deleted(2))
            .map(Row::freeze)
            .toList();
    writer.write(batch(rows)).block(PATIENCE);
    assertThat(storedRows()).isEqualTo(1);
  }

  @Test
  void aFlowTurnsADeleteAwayThatItsWriterDoesNotSupport() throws Exception {
    Schema schema = schemaWithDeletes(false);
    BatchFlow flow = BatchFlow.builder(writer).build();
    StepVerifier.create(flow.submit(deleted(1)))
        .expectErrorSatisfies(
            failure ->
                assertThat(failure)
                    .isInstanceOf(InvalidRowException.class)
                    .hasMessageContaining(schema.table())
                    .hasMessageContaining("supportsDeletes"))
        .verify(PATIENCE);
    flow.close().block(PATIENCE);
  }

  @Test
  void closingTwiceIsHarmless() {
    writer.write(batch(goodRows(1))).block(PATIENCE);
    StepVerifier.create(writer.close()).expectComplete().verify(PATIENCE);
    StepVerifier.create(writer.close()).expectComplete().verify(PATIENCE);
  }
}
