package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.batchflow.BackendError;
import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.Row;
import io.batchflow.unit.Unit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * The contract of {@link BatchWriter} as tests. Extend it and implement the access to your backend.
 * Each test starts with an empty backend.
 */
public abstract class BatchWriterContract extends KeyedRowsContract {

  /**
   * Returns a row that the backend accepts. All rows have the same schema, and each id occurs once.
   */
  protected abstract Row goodRow(long id);

  /** Returns a row of the same schema that the backend must reject because of its content. */
  protected abstract Row badRow(long id);

  private List<Row> goodRows(int count) {
    List<Row> rows = new ArrayList<>();
    for (long id = 0; id < count; id++) {
      rows.add(goodRow(id));
    }
    return rows;
  }

  @Test
  void aValueMeansThatTheBatchIsStored() throws Exception {
    StepVerifier.create(writer().write(batch(goodRows(100))))
        .assertNext(result -> assertThat(result.rejected()).isEmpty())
        .expectComplete()
        .verify(PATIENCE);
    assertThat(storedRows()).isEqualTo(100);
  }

  @Test
  void nothingHappensBeforeTheSubscription() throws Exception {
    Mono<BatchResult> write = writer().write(batch(goodRows(3)));
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

  @Test
  void aWriterContinuesAfterAFailure() throws Exception {
    List<Row> bad = List.of(badRow(1));
    writer().write(batch(bad)).onErrorResume(failure -> Mono.empty()).block(PATIENCE);
    writer().write(batch(goodRows(5))).block(PATIENCE);
    assertThat(storedRows()).isEqualTo(5);
  }

  @Test
  void aSubscriberIsNotBlocked() throws Exception {
    StepVerifier.create(
            Mono.defer(() -> writer().write(batch(goodRows(20))))
                .subscribeOn(Schedulers.parallel()))
        .expectNextCount(1)
        .expectComplete()
        .verify(PATIENCE);
    assertThat(storedRows()).isEqualTo(20);
  }

  @Test
  void thereIsOneVerdictForEachRowOrNone() {
    Batch asked = new Batch(goodRow(0).schema(), goodRows(4), true);
    StepVerifier.create(writer().write(asked))
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
    assumeTrue(writer().supportsUnits());
    StepVerifier.create(writer().write(batchOfUnits(goodUnits(10))))
        .assertNext(result -> assertThat(result.rejected()).isEmpty())
        .expectComplete()
        .verify(PATIENCE);
    assertThat(storedRows()).isEqualTo(20);
  }

  /** Nothing of a bad unit is stored. The others are, unless the batch fails as a whole. */
  @Test
  void aBadUnitIsRejectedAloneOrItsBatchLeavesNothing() throws Exception {
    assumeTrue(writer().supportsUnits());
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
    assumeTrue(!writer().supportsUnits());
    BatchFlow flow = BatchFlow.builder(writer()).build();
    assertThatThrownBy(() -> flow.submitTogether(List.of(goodRow(1))))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("submitTogether");
    flow.close().block(PATIENCE);
  }

  /** A failure may be asked what the backend said, whatever it is. */
  @Test
  void aFailureCanBeAskedForTheErrorOfTheBackend() {
    List<Throwable> failures = new ArrayList<>(List.of(new IllegalStateException("not ours")));
    writer()
        .write(batch(List.of(badRow(1))))
        .doOnNext(result -> failures.addAll(result.rejected().values()))
        .onErrorResume(
            failure -> {
              failures.add(failure);
              return Mono.empty();
            })
        .block(PATIENCE);
    assertThat(failures).hasSize(2);
    assertThat(writer().backendError(failures.get(0))).isNull();
    BackendError said = writer().backendError(failures.get(1));
    assertThat(said == null || said.sqlState() != null || said.code() != null).isTrue();
  }

  @Test
  void closingTwiceIsHarmless() {
    writer().write(batch(goodRows(1))).block(PATIENCE);
    StepVerifier.create(writer().close()).expectComplete().verify(PATIENCE);
    StepVerifier.create(writer().close()).expectComplete().verify(PATIENCE);
  }
}
