package io.batchflow.routing;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class RoutingWriterTest {

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter first = RecordingWriter.create();
  private final RecordingWriter second = RecordingWriter.create();

  private static Batch batch(Row... rows) {
    return Batch.of(List.of(rows));
  }

  private static Throwable down() {
    return RecordingWriter.failure(FailureKind.TRANSIENT);
  }

  private RoutingWriter.Builder primaryStandby() {
    return RoutingWriter.primaryStandby()
        .writer("first", first)
        .writer("second", second)
        .scheduler(time);
  }

  private static void write(BatchWriter writer, Batch batch) {
    writer.write(batch).onErrorComplete().block();
  }

  private List<Boolean> up(RoutingWriter writer) {
    return writer.writers().stream().map(WriterState::up).toList();
  }

  @Test
  void writersTakeTurnsByTheirWeight() {
    RoutingWriter writer =
        RoutingWriter.roundRobin().writer("first", first, 3, null).writer("second", second).build();
    List<Integer> atFirst = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      write(writer, batch(event(i)));
      atFirst.add(first.attempts());
    }
    assertThat(atFirst).containsExactly(1, 2, 2, 3, 4, 5, 5, 6);
    assertThat(writer.writers())
        .containsExactly(
            new WriterState("first", true, 0, 6), new WriterState("second", true, 0, 2));
  }

  @Test
  void theStandbyTakesOverWhenTheFlowRetries() {
    first.failing(1, down()).failing(2, down()).failing(3, down());
    RoutingWriter writer = primaryStandby().build();
    BatchFlow flow = BatchFlow.builder(writer).scheduler(time).build();
    AtomicReference<Object> outcome = new AtomicReference<>();
    flow.submit(event(1)).subscribe(outcome::set, outcome::set);
    time.advanceTimeBy(Duration.ofMinutes(1));

    assertThat(outcome.get()).isNotInstanceOf(Throwable.class);
    assertThat(first.rows()).isEmpty();
    assertThat(second.rows()).hasSize(1);
  }

  @Test
  void aPrimaryThatIsUpAgainGetsTheNextBatch() {
    first.failing(1, down());
    RoutingWriter writer = primaryStandby().failuresUntilDown(1).build();
    write(writer, batch(event(1)));
    write(writer, batch(event(2)));
    assertThat(up(writer)).containsExactly(false, true);
    assertThat(second.rows()).hasSize(1);

    time.advanceTimeBy(Duration.ofSeconds(5));
    write(writer, batch(event(3)));
    assertThat(up(writer)).containsExactly(true, true);
    assertThat(first.rows()).hasSize(1);
  }

  @Test
  void oneBatchTriesAWriterThatWasDown() {
    first.failing(1, down());
    RoutingWriter writer = primaryStandby().failuresUntilDown(1).build();
    write(writer, batch(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(5));
    first.hold();
    writer.write(batch(event(2))).subscribe();
    write(writer, batch(event(3)));
    assertThat(first.running()).isEqualTo(1);
    assertThat(second.rows()).hasSize(1);
    first.release();
    assertThat(up(writer)).containsExactly(true, true);
  }

  @Test
  void aProbeTriesAWriterInsteadOfABatch() {
    AtomicInteger probes = new AtomicInteger();
    Mono<Void> probe =
        Mono.defer(
            () -> probes.incrementAndGet() < 3 ? Mono.error(new IOException()) : Mono.empty());
    first.failing(1, down());
    RoutingWriter writer =
        RoutingWriter.primaryStandby()
            .writer("first", first, 1, probe)
            .writer("second", second)
            .failuresUntilDown(1)
            .scheduler(time)
            .build();
    write(writer, batch(event(1)));
    time.advanceTimeBy(Duration.ofSeconds(14));
    write(writer, batch(event(2)));
    assertThat(probes).hasValue(2);
    assertThat(first.attempts()).isEqualTo(1);

    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(up(writer)).containsExactly(true, true);
    time.advanceTimeBy(Duration.ofHours(1));
    assertThat(probes).hasValue(3);
  }

  @Test
  void failuresOfRowsDoNotCount() {
    first.rejecting(row -> true);
    RoutingWriter writer = primaryStandby().failuresUntilDown(1).build();
    write(writer, batch(event(1)));
    assertThat(up(writer)).containsExactly(true, true);
  }

  @Test
  void aWriterWithoutAnAnswerIsDown() {
    first.hold();
    RoutingWriter writer = primaryStandby().failuresUntilDown(1).build();
    writer.write(batch(event(1))).subscribe().dispose();
    assertThat(up(writer)).containsExactly(false, true);
  }

  private OutcomeStatus outcomeAfterALostAnswer(RoutingWriter writer, Row row) {
    BatchFlow flow = BatchFlow.builder(writer).scheduler(time).build();
    AtomicReference<OutcomeStatus> status = new AtomicReference<>(OutcomeStatus.WRITTEN);
    flow.submit(row)
        .subscribe(written -> {}, failure -> status.set(((BatchFlowException) failure).status()));
    time.advanceTimeBy(Duration.ofMinutes(1));
    return status.get();
  }

  @Test
  void aLostRowMovesOnlyToTheSameDataAndIfItIsRepeatable() {
    for (boolean sameData : List.of(true, false)) {
      for (Row row : List.of(row(UPSERTS, 1, 1), event(1))) {
        first.reset();
        second.reset();
        first.failing(1, RecordingWriter.failure(FailureKind.UNKNOWN));
        RoutingWriter writer = primaryStandby().failuresUntilDown(1).sameData(sameData).build();
        OutcomeStatus status = outcomeAfterALostAnswer(writer, row);

        boolean keyed = row.schema().equals(UPSERTS);
        assertThat(status).isEqualTo(keyed ? OutcomeStatus.WRITTEN : OutcomeStatus.UNKNOWN);
        assertThat(first.rows()).hasSize(keyed && !sameData ? 1 : 0);
        assertThat(second.rows()).hasSize(keyed && sameData ? 1 : 0);
      }
    }
  }

  @Test
  void whatOneWriterCanRepeatIsNotRepeatedInOtherData() {
    for (boolean sameData : List.of(true, false)) {
      first.reset();
      second.reset();
      first.failing(1, RecordingWriter.failure(FailureKind.UNKNOWN));
      RoutingWriter writer =
          RoutingWriter.primaryStandby()
              .writer("first", new Narrow(first))
              .writer("second", new Narrow(second))
              .failuresUntilDown(1)
              .sameData(sameData)
              .scheduler(time)
              .build();
      BatchFlow flow = BatchFlow.builder(writer).concurrency(1).scheduler(time).build();
      flow.submit(event(1)).subscribe(written -> {}, failure -> {});
      time.advanceTimeBy(Duration.ofMinutes(1));
      assertThat(flow.stats().ledger().unknown()).isEqualTo(sameData ? 0 : 1);
      assertThat(second.rows()).hasSize(sameData ? 1 : 0);
    }
  }

  @Test
  void rowsWithKeysStayAtTheFirstOfWritersWithDifferentData() {
    RoutingWriter writer =
        RoutingWriter.roundRobin().writer("first", first).writer("second", second).build();
    for (int i = 0; i < 4; i++) {
      write(writer, batch(row(UPSERTS, i, i)));
      write(writer, batch(event(i)));
    }
    assertThat(first.rows()).filteredOn(row -> row.schema().equals(UPSERTS)).hasSize(4);
    assertThat(second.rows()).hasSize(2).allMatch(row -> row.schema().equals(EVENTS));
  }

  private RoutingWriter turns(BatchWriter one, BatchWriter other) {
    return RoutingWriter.roundRobin()
        .writer("one", one)
        .writer("other", other)
        .sameData(true)
        .scheduler(time)
        .build();
  }

  @Test
  void theWriterThatSignalledAFailureClassifiesIt() {
    BatchWriter strict = batch -> Mono.error(new IllegalStateException("strict"));
    second.failing(1, down());
    RoutingWriter writer = turns(strict, second);
    List<FailureKind> kinds = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      StepVerifier.create(writer.write(batch(event(i))))
          .verifyErrorSatisfies(failure -> kinds.add(writer.failureClassifier().classify(failure)));
    }
    assertThat(kinds).containsExactly(FailureKind.PERMANENT, FailureKind.TRANSIENT);
  }

  @Test
  void aFullWriterIsPassedOver() {
    BatchWriter narrow = new Narrow(first);
    first.hold();
    RoutingWriter writer =
        RoutingWriter.primaryStandby().writer("narrow", narrow).writer("second", second).build();
    writer.write(batch(event(1))).subscribe();
    write(writer, batch(event(2)));
    assertThat(second.rows()).hasSize(1);
    assertThat(writer.maxConcurrency()).isEqualTo(1);
  }

  private record Narrow(BatchWriter writer) implements BatchWriter {

    @Override
    public Mono<BatchResult> write(Batch batch) {
      return writer.write(batch);
    }

    @Override
    public int maxConcurrency() {
      return 1;
    }

    @Override
    public boolean isRepeatable(Batch batch) {
      return true;
    }

    @Override
    public FailureClassifier failureClassifier() {
      return writer.failureClassifier();
    }
  }

  @Test
  void closingClosesAllWritersOnce() {
    RoutingWriter writer = primaryStandby().build();
    writer.close().block();
    writer.close().block();
    assertThat(List.of(first.timesClosed(), second.timesClosed())).containsExactly(1, 1);
  }

  @Test
  void namesAndBoundsAreChecked() {
    assertThatThrownBy(() -> RoutingWriter.roundRobin().build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("writers");
    assertThatThrownBy(() -> RoutingWriter.roundRobin().writer("a", first).writer("a", second))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("occurs twice");
    assertThatThrownBy(() -> RoutingWriter.roundRobin().writer("a", first, 0, null))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("weight");
  }
}
