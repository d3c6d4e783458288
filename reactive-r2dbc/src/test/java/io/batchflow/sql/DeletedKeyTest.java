package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The database decides which row a delete removes: the row that an upsert of the same key would
 * update. If that is not certain, nothing is deleted, and the row is invalid.
 */
@Tag("server")
class DeletedKeyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir static Path directory;

  static Stream<KeyEqualityTest.Case> cases() {
    return KeyEqualityTest.cases();
  }

  private static Schema schema(String table) {
    return Schema.table(table)
        .columns("k", "v", "made")
        .conflictKey("k")
        .onConflict(ConflictStrategy.UPDATE)
        .updateColumns("v")
        .build();
  }

  private static Row store(Schema schema, Object key, int number) {
    return schema.row().set("k", key).set("v", number).set("made", number);
  }

  private static Row delete(Schema schema, Object key) {
    return schema.delete().set("k", key);
  }

  /**
   * Returns whether a row was written; false if the writer cannot send it, or the table rejects it.
   */
  private static boolean write(BatchWriter writer, Row row) {
    return Boolean.TRUE.equals(
        writer
            .write(Batch.of(List.of(row)))
            .thenReturn(true)
            .onErrorResume(
                failure -> {
                  FailureKind kind = writer.failureClassifier().classify(failure);
                  assertThat(kind).isIn(FailureKind.INVALID, FailureKind.DATA);
                  return Mono.just(false);
                })
            .block(PATIENCE));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDeleteRemovesTheRowThatAnUpsertOfItsKeyWouldUpdate(KeyEqualityTest.Case each) {
    int certain = 0;
    try (Backend backend = each.kind().open(directory)) {
      Schema schema = schema("flowed");
      KeyEqualityTest.prepare(backend, each);
      BatchWriter writer = backend.writer();
      for (Object key : each.keys()) {
        backend.run("DELETE FROM flowed");
        for (int i = 0; i < each.keys().size(); i++) {
          write(writer, store(schema, each.keys().get(i), i));
        }
        if (!write(writer, store(schema, key, 99))) {
          continue; // the table has no such key
        }
        List<List<@Nullable Object>> others =
            backend.read("SELECT k, v FROM flowed WHERE v <> 99 ORDER BY v");
        List<List<@Nullable Object>> all = backend.read("SELECT k, v FROM flowed ORDER BY v");

        boolean deleted = write(writer, delete(schema, key));

        assertThat(backend.read("SELECT k, v FROM flowed ORDER BY v"))
            .as("%s of %s", key, key.getClass())
            .usingRecursiveComparison()
            .isEqualTo(deleted ? others : all);
        certain += deleted ? 1 : 0;
      }
      assertThat(certain).isPositive();
      if (!each.kind().isMySql()) {
        assertThat(backend.read("SELECT v FROM flowed WHERE v = 99")).isEmpty();
      }
    }
  }

  private static List<OutcomeStatus> submit(BatchFlow flow, List<Row> rows) {
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromIterable(rows)).collectList().blockOptional(PATIENCE).orElseThrow();
    flow.close().block(PATIENCE);
    return outcomes.stream()
        .sorted((one, other) -> rows.indexOf(one.row()) - rows.indexOf(other.row()))
        .map(Outcome::status)
        .toList();
  }

  /** Stores and deletes the keys of a case, each several times, by a fixed seed. */
  private static List<Row> mixed(Schema schema, List<Object> keys) {
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 6 * keys.size(); i++) {
      Object key = keys.get(random.nextInt(keys.size()));
      rows.add(random.nextInt(3) == 0 ? delete(schema, key) : store(schema, key, i));
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFlowLeavesWhatTheRowsLeaveOneByOne(KeyEqualityTest.Case each) {
    try (Backend backend = each.kind().open(directory)) {
      for (int[] batches : new int[][] {{1, 1_000}, {8, 3}}) {
        KeyEqualityTest.prepare(backend, each);
        List<OutcomeStatus> one =
            submit(
                KeyEqualityTest.flow(backend.anotherWriter(), 1, 1),
                mixed(schema("single"), each.keys()));
        List<OutcomeStatus> all =
            submit(
                KeyEqualityTest.flow(backend.anotherWriter(), batches[0], batches[1]),
                mixed(schema("flowed"), each.keys()));

        assertThat(backend.read("SELECT k, v, made FROM flowed ORDER BY v"))
            .as("%s batches at once", batches[0])
            .usingRecursiveComparison()
            .isEqualTo(backend.read("SELECT k, v, made FROM single ORDER BY v"));
        assertThat(all).isEqualTo(one);
      }
    }
  }

  /** The column changes between a text and a number after the table was read. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aDeleteNeverComparesByAnOldType(Backend.Kind kind) {
    if (kind.isSqlite()) {
      return; // a column cannot change its type
    }
    try (Backend backend = kind.open(directory)) {
      Schema schema = schema("flowed");
      backend.run("CREATE TABLE flowed (k BIGINT PRIMARY KEY, v INT, made INT)");
      assertThat(write(backend.writer(), store(schema, 5L, 1))).isTrue();
      backend.run(
          "DROP TABLE flowed",
          "CREATE TABLE flowed (k VARCHAR(20) PRIMARY KEY, v INT, made INT)",
          "INSERT INTO flowed VALUES ('5', 1, 1), ('05', 2, 2), ('5.0', 3, 3)");
      assertThat(write(backend.writer(), delete(schema, 5L))).isTrue();
      assertThat(backend.read("SELECT v FROM flowed ORDER BY v"))
          .isEqualTo(List.of(List.of(2L), List.of(3L)));

      assertThat(write(backend.writer(), store(schema, "7", 7))).isTrue();
      backend.run(
          "DROP TABLE flowed",
          "CREATE TABLE flowed (k BIGINT PRIMARY KEY, v INT, made INT)",
          "INSERT INTO flowed VALUES (7, 1, 1), (8, 2, 2)");
      // r2dbc-h2 sends a text as a CLOB, which is never a number.
      boolean deleted = write(backend.writer(), delete(schema, "7"));
      assertThat(deleted || kind.isH2()).isTrue();
      assertThat(backend.read("SELECT v FROM flowed ORDER BY v"))
          .isEqualTo(deleted ? List.of(List.of(2L)) : List.of(List.of(1L), List.of(2L)));
    }
  }
}
