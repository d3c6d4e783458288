package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriteException;
import io.batchflow.FailureKind;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.test.RecordingWriter;
import io.batchflow.unit.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class JournaledFlowTest extends JournaledFlowFixture {

  JournaledFlowTest(@TempDir Path directory) {
    super(directory);
  }

  private static Mono<String> end(Receipt receipt) {
    return receipt
        .durable()
        .map(written -> "written")
        .onErrorResume(failure -> Mono.just(failure.getClass().getSimpleName()));
  }

  @Test
  void anAcceptedRowIsWrittenAndLeavesTheJournal() {
    RecordingWriter writer = RecordingWriter.create();
    JournaledFlow flow = open(writer);

    Receipt receipt = flow.accept(order(1)).block(PATIENCE);
    assertThat(receipt.durable().block(PATIENCE).batchSize()).isEqualTo(1);
    assertThat(flow.submit(order(2)).block(PATIENCE).attempts()).isEqualTo(1);
    flow.close().block(PATIENCE);

    assertThat(ids(writer)).containsExactly(1, 2);
    RecordingWriter second = RecordingWriter.create();
    JournaledFlow again = open(second);
    assertThat(again.pending()).isZero();
    again.close().block(PATIENCE);
    assertThat(second.rows()).isEmpty();
  }

  @Test
  void rowsThatCloseCutsOffAreReportedAndStillCounted() {
    JournaledFlow flow = open(RecordingWriter.create().hold());
    List<Receipt> receipts =
        Flux.range(0, 30_000)
            .flatMap(id -> flow.accept(order(id)), 256)
            .collectList()
            .block(PATIENCE);
    flow.close(AT_ONCE).block(PATIENCE);

    // In flight, in a window, and not yet passed to the flow.
    assertThat(Flux.fromIterable(receipts).flatMap(JournaledFlowTest::end).distinct().toIterable())
        .containsExactlyInAnyOrder(
            "UnknownOutcomeException", "FlowClosedException", "JournalException");
    assertThat(flow.pending()).isEqualTo(30_000);
    JournaledFlow again = open(RecordingWriter.create().hold());
    assertThat(again.pending()).isEqualTo(30_000);
    again.close(AT_ONCE).block(PATIENCE);
  }

  @Test
  void aRejectedRowLeavesTheJournalWithItsReason() {
    RecordingWriter writer =
        RecordingWriter.create().rejectingRows(row -> row.value("id").equals(2));
    JournaledFlow flow = open(writer);

    assertThatThrownBy(() -> flow.submit(order(2)).block(PATIENCE))
        .isInstanceOf(io.batchflow.RowRejectedException.class);
    flow.close().block(PATIENCE);
    RecordingWriter second = RecordingWriter.create();
    open(second).close().block(PATIENCE);
    assertThat(second.rows()).isEmpty();
  }

  @Test
  void aRowThatTheBackendRejectsLeavesTheJournal() {
    RecordingWriter writer =
        RecordingWriter.create().failing(1, RecordingWriter.failure(FailureKind.PERMANENT));
    JournaledFlow flow = open(writer);

    assertThatThrownBy(() -> flow.submit(order(1)).block(PATIENCE))
        .isInstanceOf(BatchWriteException.class);
    flow.close().block(PATIENCE);
    RecordingWriter second = RecordingWriter.create();
    open(second).close().block(PATIENCE);
    assertThat(second.rows()).isEmpty();
  }

  @Test
  void rowsBeyondMaxRowsAreNotAccepted() {
    RecordingWriter writer = RecordingWriter.create().hold();
    JournaledFlow flow = builder(writer).schemas(ORDERS).maxRows(100).open();
    acceptAll(flow, 0, 100);

    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> flow.accept(order(100)).block(PATIENCE))
        .withMessageContaining("100 rows");
    writer.release();
    Mono.defer(() -> flow.accept(order(100))).retry().block(PATIENCE);
    flow.close().block(PATIENCE);
    assertThat(ids(writer)).hasSize(101);
  }

  @Test
  void aRowWithAHarmfulRepeatIsNotAccepted() {
    JournaledFlow flow = open(RecordingWriter.create());
    Row event = EVENTS.row().set("id", 1);
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> flow.accept(event).block(PATIENCE))
        .withMessageContaining("'events'")
        .withMessageContaining("atLeastOnce");
    flow.close().block(PATIENCE);

    JournaledFlow any = builder(RecordingWriter.create()).schemas(EVENTS).atLeastOnce().open();
    assertThat(any.submit(event).block(PATIENCE)).isNotNull();
    any.close().block(PATIENCE);
  }

  @Test
  void aUnitIsNotAccepted() {
    JournaledFlow flow = open(RecordingWriter.create());
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> flow.accept(Unit.of(List.of(order(1)))).block(PATIENCE))
        .withMessageContaining("A unit cannot be kept");
    flow.close().block(PATIENCE);
  }

  @Test
  void anInvalidRowIsNotAccepted() {
    JournaledFlow flow = open(RecordingWriter.create());
    assertThatExceptionOfType(InvalidRowException.class)
        .isThrownBy(() -> flow.accept(ORDERS.row().set("id", 1)).block(PATIENCE))
        .withMessageContaining("amount");
    flow.close().block(PATIENCE);
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> flow.accept(order(1)).block(PATIENCE))
        .withMessageContaining("closed");
  }

  @Test
  void listenersAndDeadLettersSeeTheTagOfTheCaller() {
    List<Object> tags = Collections.synchronizedList(new ArrayList<>());
    BatchFlow inner =
        BatchFlow.builder(RecordingWriter.create().rejectingRows(row -> true))
            .deadLetter(rejected -> Mono.fromRunnable(() -> tags.add(rejected.row().tag())))
            .build();
    JournaledFlow flow = JournaledFlow.builder(inner, directory).schemas(ORDERS).open();
    Row row = order(1).tag("mine");
    flow.submit(row).onErrorComplete().block(PATIENCE);
    flow.submit(row).onErrorComplete().block(PATIENCE);
    assertThat(flow.accept(order(2).tag(7)).block(PATIENCE).row().tag()).isEqualTo(7);
    flow.close().block(PATIENCE);
    assertThat(tags).containsExactlyInAnyOrder("mine", "mine", 7);
  }

  @Test
  void theFlowGetsTheRestOfTheDeadline() {
    BatchFlow inner =
        BatchFlow.builder(RecordingWriter.create().hold())
            .closeTimeout(Duration.ofHours(20))
            .build();
    JournaledFlow flow = JournaledFlow.builder(inner, directory).schemas(ORDERS).open();
    acceptAll(flow, 0, 100);
    flow.close(AT_ONCE).block(PATIENCE);
    assertThat(flow.pending()).isEqualTo(100);
  }

  @Test
  void theThreadOfTheJournalHoldsUpNoEndOfTheJvm() {
    JournaledFlow flow = open(RecordingWriter.create());
    flow.submit(order(1)).block(PATIENCE);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().equals("batchflow-journal"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
    flow.close().block(PATIENCE);
  }

  @Test
  void aDeadlineOfZeroIsRejected() {
    JournaledFlow flow = open(RecordingWriter.create());
    assertThatExceptionOfType(io.batchflow.InvalidConfigurationException.class)
        .isThrownBy(() -> flow.close(Duration.ZERO))
        .withMessageContaining("deadline");
    flow.close().block(PATIENCE);
  }
}
