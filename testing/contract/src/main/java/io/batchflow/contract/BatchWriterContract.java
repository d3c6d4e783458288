package io.batchflow.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    BatchResult result =
        writer
            .write(batch(rows))
            .onErrorResume(
                failure -> {
                  assertThat(writer.failureClassifier().classify(failure))
                      .isEqualTo(FailureKind.DATA);
                  return Mono.empty();
                })
            .block(PATIENCE);
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

  @Test
  void closingTwiceIsHarmless() {
    writer.write(batch(goodRows(1))).block(PATIENCE);
    StepVerifier.create(writer.close()).expectComplete().verify(PATIENCE);
    StepVerifier.create(writer.close()).expectComplete().verify(PATIENCE);
  }
}
