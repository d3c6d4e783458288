package io.batchflow.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.RejectedRow;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A file of dead letters in a temporary directory. */
abstract class DeadLetterFileFixture {

  static final Duration PATIENCE = Duration.ofMinutes(1);
  static final Schema ORDERS = Schema.table("orders").columns("id", "note").build();

  final Path directory;

  DeadLetterFileFixture(@TempDir Path directory) {
    this.directory = directory;
  }

  Path path() {
    return directory.resolve("letters.jsonl");
  }

  /** Writes rows of which the database rejects every third one. */
  static void rejectEveryThird(int from, int to, Function<RejectedRow, Mono<Void>> file) {
    BatchFlow flow =
        BatchFlow.builder(
                RecordingWriter.create().rejectingRows(row -> (Integer) row.value("id") % 3 == 0))
            .deadLetter(file)
            .build();
    flow.submitAll(
            Flux.range(from, to - from)
                .map(id -> ORDERS.row().set("id", id).set("note", "line\none \u2028 " + id)))
        .blockLast(PATIENCE);
    flow.close().block(PATIENCE);
    assertThat(flow.stats().deadLettersLost()).isZero();
  }

  static List<Integer> ids(Path path) {
    return DeadLetterFile.read(path)
        .map(letter -> (Integer) letter.toRow(ORDERS).value("id"))
        .sort()
        .collectList()
        .block(PATIENCE);
  }

  static List<Integer> everyThird(int from, int to) {
    return IntStream.range(from, to).filter(id -> id % 3 == 0).boxed().toList();
  }

  /** Keeps one rejected row. */
  static void keep(DeadLetterFile file, int id) {
    rejectEveryThird(3 * id, 3 * id + 1, file);
  }
}
