package io.batchflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that is opened again writes the rows without an outcome. */
class JournalReplayTest extends JournaledFlowFixture {

  JournalReplayTest(@TempDir Path directory) {
    super(directory);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** Copies an open journal, as a crash leaves it, and truncates its log. */
  private void copyTo(Path copy, int cut) throws IOException {
    if (Files.exists(copy)) {
      try (Stream<Path> old = Files.list(copy)) {
        old.forEach(JournalReplayTest::delete);
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
  void rowsWithoutAnOutcomeAreWrittenInOrderWhenTheJournalIsReopened() {
    RecordingWriter held = RecordingWriter.create().hold();
    JournaledFlow flow = open(held);
    acceptAll(flow, 0, 30_000);
    assertThat(flow.pending()).isEqualTo(30_000);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    List<Outcome<Row>> replayed = Collections.synchronizedList(new ArrayList<>());
    JournaledFlow again = builder(second).schemas(ORDERS).onReplayed(replayed::add).open();
    Long late = again.accept(order(30_000)).flatMap(Receipt::durable).map(r -> 1L).block(PATIENCE);
    again.close().block(PATIENCE);

    assertThat(late).isEqualTo(1L);
    assertThat(ids(second)).hasSize(30_001).isSubsetOf(new ArrayList<>(range(0, 30_001)));
    assertThat(replayed).hasSize(30_000).allMatch(Outcome::isWritten);
    assertThat(replayed.get(7).row().value("amount")).isInstanceOf(Long.class);
  }

  @Test
  void aDeleteIsReplayedAsADelete() {
    JournaledFlow flow = open(RecordingWriter.create().hold());
    flow.accept(ORDERS.delete().set("id", 7)).block(PATIENCE);
    flow.accept(order(8)).block(PATIENCE);
    flow.close(AT_ONCE).block(PATIENCE);

    RecordingWriter second = RecordingWriter.create();
    open(second).close().block(PATIENCE);
    assertThat(second.rows().stream().map(row -> row.value("id") + " " + row.isDelete()))
        .containsExactlyInAnyOrder("7 true", "8 false");
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
  void onlyOneProcessMayOpenIt() {
    JournaledFlow flow = open(RecordingWriter.create());
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> open(RecordingWriter.create()))
        .withMessageContaining("cannot be opened");
    flow.close().block(PATIENCE);
    open(RecordingWriter.create()).close().block(PATIENCE);
  }
}
