package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class JournaledFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "amount")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .required("amount")
          .build();

  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private final Path directory;

  JournaledFlowTest(@TempDir Path directory) {
    this.directory = directory.resolve("journal");
  }

  private static Row order(int id) {
    return ORDERS.row().set("id", id).set("amount", 10L * id);
  }

  private JournaledFlow open(BatchWriter writer) {
    return builder(writer).schemas(ORDERS).open();
  }

  private JournaledFlow.Builder builder(BatchWriter writer) {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ofMillis(1)).build())
            .concurrency(1)
            .closeTimeout(AT_ONCE)
            .build();
    return JournaledFlow.builder(flow, directory);
  }

  private static void acceptAll(JournaledFlow flow, int from, int to) {
    assertThat(
            Flux.range(from, to - from)
                .flatMapSequential(id -> flow.accept(order(id)), 256)
                .count()
                .block(PATIENCE))
        .isEqualTo(to - from);
  }

  private static List<Object> ids(RecordingWriter writer) {
    return writer.rows().stream().map(row -> row.value("id")).toList();
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
  void rowsWithoutAnOutcomeAreWrittenInOrderWhenTheJournalIsReopened() {
    RecordingWriter held = RecordingWriter.create().hold();
    JournaledFlow flow = open(held);
    acceptAll(flow, 0, 30_000);
    assertThat(flow.pending()).isEqualTo(30_000);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    List<Outcome> replayed = Collections.synchronizedList(new ArrayList<>());
    JournaledFlow again = builder(second).schemas(ORDERS).onReplayed(replayed::add).open();
    Long late = again.accept(order(30_000)).flatMap(Receipt::durable).map(r -> 1L).block(PATIENCE);
    again.close().block(PATIENCE);

    assertThat(late).isEqualTo(1L);
    assertThat(ids(second)).hasSize(30_001).isSubsetOf(new ArrayList<>(range(0, 30_001)));
    assertThat(replayed).hasSize(30_000).allMatch(Outcome::isWritten);
    assertThat(replayed.get(7).row().value("amount")).isInstanceOf(Long.class);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
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

  private static Mono<String> end(Receipt receipt) {
    return receipt
        .durable()
        .map(written -> "written")
        .onErrorResume(failure -> Mono.just(failure.getClass().getSimpleName()));
  }

  @Test
  void theLastRowOfAKeyWinsAcrossACrash() {
    JournaledFlow flow = open(RecordingWriter.create().hold());
    for (int i = 0; i < 5_000; i++) {
      flow.accept(order(7).set("amount", (long) i)).subscribe();
    }
    flow.accept(order(8)).block(PATIENCE);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    open(second).close().block(PATIENCE);
    List<Row> ofSeven = second.rows().stream().filter(row -> row.value("id").equals(7)).toList();
    assertThat(ofSeven.get(ofSeven.size() - 1).value("amount")).isEqualTo(4_999L);
  }

  @Test
  void anIncompleteLastGroupIsCutOff() throws IOException {
    JournaledFlow flow = open(RecordingWriter.create().hold());
    for (int id = 0; id < 200; id++) {
      acceptAll(flow, id, id + 1);
    }
    Path copy = directory.resolveSibling("copy");
    for (int cut = 0; cut < 3_000; cut += 211) {
      copyTo(copy, cut);
      RecordingWriter writer = RecordingWriter.create();
      BatchFlow next = BatchFlow.builder(writer).build();
      JournaledFlow.builder(next, copy).schemas(ORDERS).open().close().block(PATIENCE);
      List<Object> left = ids(writer);
      assertThat(left).hasSizeLessThanOrEqualTo(200).hasSizeGreaterThan(50);
      assertThat(left).containsExactlyInAnyOrderElementsOf(range(0, left.size()));
      assertThat(cut > 0 || left.size() == 200).isTrue();
    }
    flow.close(AT_ONCE).block(PATIENCE);
  }

  /** Copies an open journal, as a crash leaves it, and truncates its log. */
  private void copyTo(Path copy, int cut) throws IOException {
    if (Files.exists(copy)) {
      try (Stream<Path> old = Files.list(copy)) {
        old.forEach(JournaledFlowTest::delete);
      }
    }
    Files.createDirectories(copy);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> !f.endsWith("LOCK")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        boolean log = file.toString().endsWith(".log");
        int length = log ? Math.max(0, bytes.length - cut) : bytes.length;
        Files.write(copy.resolve(file.getFileName()), java.util.Arrays.copyOf(bytes, length));
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
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
  void rowsOfAnUnknownSchemaStayInTheJournal() {
    JournaledFlow flow = open(RecordingWriter.create().hold());
    acceptAll(flow, 0, 3);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> builder(second).schemas(EVENTS).open())
        .withMessageContaining("'orders'")
        .withMessageContaining("schemas()");
    open(second).close().block(PATIENCE);
    assertThat(ids(second)).containsExactly(0, 1, 2);
  }

  @Test
  void aCallbackThatThrowsHarmsNoOther() {
    JournaledFlow flow = open(RecordingWriter.create().hold());
    acceptAll(flow, 0, 100);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    JournaledFlow again =
        builder(second)
            .schemas(ORDERS)
            .onReplayed(
                outcome -> {
                  throw new IllegalStateException("told");
                })
            .open();
    assertThat(again.submit(order(100)).block(PATIENCE)).isNotNull();
    again.close().block(PATIENCE);
    assertThat(ids(second)).hasSize(101);
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
  void aDeadlineOfZeroIsRejected() {
    JournaledFlow flow = open(RecordingWriter.create());
    assertThatExceptionOfType(io.batchflow.InvalidConfigurationException.class)
        .isThrownBy(() -> flow.close(Duration.ZERO))
        .withMessageContaining("deadline");
    flow.close().block(PATIENCE);
  }

  @Test
  void onlyOneProcessMayOpenIt() {
    JournaledFlow flow = open(RecordingWriter.create());
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> open(RecordingWriter.create()))
        .withMessageContaining("cannot be opened");
    flow.close().block(PATIENCE);
    open(RecordingWriter.create()).close().block(PATIENCE);
  }
}
