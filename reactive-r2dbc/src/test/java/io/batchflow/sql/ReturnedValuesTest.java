package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** Each caller is told the values that the database gave the caller's own row. */
@Tag("server")
class ReturnedValuesTest {

  private static final Schema PLAIN = Schema.table("things").columns("k", "word").build();
  private static final Schema UPSERT = upsert(ConflictStrategy.UPDATE);

  @TempDir static Path directory;

  private static Schema upsert(ConflictStrategy how) {
    return Schema.table("things").columns("k", "word").conflictKey("k").onConflict(how).build();
  }

  static Stream<Backend.Kind> able() {
    return Backend.kinds().filter(kind -> !unable(kind));
  }

  static Stream<Backend.Kind> unable() {
    return Backend.kinds().filter(ReturnedValuesTest::unable);
  }

  /** The driver of MySQL does not say that its server is MariaDB. */
  private static boolean unable(Backend.Kind kind) {
    return kind.name().contains("MYSQL");
  }

  private static Backend open(Backend.Kind kind) {
    Backend backend = kind.open(directory);
    backend.run(
        "CREATE TABLE things (id "
            + kind.rowId()
            + " PRIMARY KEY, k INTEGER NOT NULL UNIQUE, word VARCHAR(20),"
            + " twice INTEGER GENERATED ALWAYS AS (k * 2)"
            + (kind.isH2() ? ")" : " STORED)"));
    return backend;
  }

  private static Row row(Schema schema, int k, @Nullable String word) {
    Row row = schema.row().set("k", k);
    return word == null ? row : row.set("word", word);
  }

  private static List<Outcome<Row>> submitted(
      Backend backend, List<Row> rows, int maxSize, String... columns) {
    return submitted(backend, rows, policy(maxSize).returning(columns).build());
  }

  private static BatchPolicy.Builder policy(int maxSize) {
    return BatchPolicy.builder().maxSize(maxSize).maxDelay(Duration.ofMillis(5));
  }

  private static List<Outcome<Row>> submitted(Backend backend, List<Row> rows, BatchPolicy policy) {
    BatchFlow flow = BatchFlow.builder(backend.anotherWriter()).defaultPolicy(policy).build();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromIterable(rows))
            .collectList()
            .blockOptional(Duration.ofMinutes(1))
            .orElseThrow();
    flow.close().block(Duration.ofMinutes(1));
    return outcomes;
  }

  private static Map<Integer, Long> ids(Backend backend) {
    Map<Integer, Long> ids = new HashMap<>();
    backend
        .read("SELECT k, id FROM things")
        .forEach(
            row ->
                ids.put(
                    ((Number) Objects.requireNonNull(row.get(0))).intValue(),
                    ((Number) Objects.requireNonNull(row.get(1))).longValue()));
    return ids;
  }

  private static void assertOwn(List<Outcome<Row>> outcomes, Map<Integer, Long> ids) {
    for (Outcome<Row> outcome : outcomes) {
      int k = (int) Objects.requireNonNull(outcome.row().value("k"));
      WriteResult result = Objects.requireNonNull(outcome.result(), () -> "" + outcome.error());
      assertThat((Number) result.value("id")).extracting(Number::longValue).isEqualTo(ids.get(k));
      assertThat((Number) result.value("twice")).extracting(Number::intValue).isEqualTo(2 * k);
    }
  }

  /** Rows of different columns are different statements of one batch. */
  @ParameterizedTest
  @MethodSource("able")
  void everyRowGetsItsOwnKeyBack(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      Random random = new Random(17);
      List<Integer> keys = new ArrayList<>(IntStream.range(0, 4_000).boxed().toList());
      Collections.shuffle(keys, random);
      for (int from = 0; from < keys.size(); ) {
        int to = Math.min(keys.size(), from + 1 + random.nextInt(900));
        List<Row> rows =
            keys.subList(from, to).stream()
                .map(k -> row(PLAIN, k, random.nextInt(4) == 0 ? null : "w" + k))
                .toList();

        List<Outcome<Row>> outcomes =
            submitted(backend, rows, 1 + random.nextInt(400), "id", "twice");

        assertThat(outcomes).hasSize(rows.size());
        assertOwn(outcomes, ids(backend));
        from = to;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("able")
  void anUpsertGetsTheKeyOfTheRowThatItChanged(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      Random random = new Random(18);
      for (int round = 0; round < 4; round++) {
        List<Integer> keys =
            new ArrayList<>(random.ints(600, 0, 200 * (round + 1)).boxed().toList());

        List<Outcome<Row>> outcomes =
            submitted(
                backend,
                keys.stream().map(k -> row(UPSERT, k, "w" + random.nextInt())).toList(),
                1 + random.nextInt(200),
                "id",
                "twice");

        assertThat(outcomes).hasSize(600);
        assertOwn(outcomes, ids(backend));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("able")
  void aRejectedRowTakesNoKeyFromTheOthers(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      backend.run("INSERT INTO things (k, word) VALUES (33, 'old')");
      List<Row> rows = IntStream.range(0, 100).mapToObj(k -> row(PLAIN, k, "w" + k)).toList();

      Map<Boolean, List<Outcome<Row>>> outcomes =
          submitted(backend, rows, 100, "id", "twice").stream()
              .collect(java.util.stream.Collectors.partitioningBy(Outcome::isWritten));

      assertThat(outcomes.get(false))
          .extracting(outcome -> outcome.row().value("k"))
          .containsExactly(33);
      assertThat(outcomes.get(true)).hasSize(99);
      assertOwn(Objects.requireNonNull(outcomes.get(true)), ids(backend));
    }
  }

  @ParameterizedTest
  @MethodSource("unable")
  void aDatabaseThatCannotReturnValuesWritesNothing(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      assertRefused(
          backend, row(PLAIN, 1, "a"), "id", "MySQL cannot return the values of the rows");
    }
  }

  static Stream<Backend.Kind> telling() {
    return able().filter(kind -> !kind.isMySql());
  }

  static Stream<Backend.Kind> mariaDb() {
    return able().filter(Backend.Kind::isMySql);
  }

  /** Some keys come twice: in one batch, in different batches, and from before. */
  @ParameterizedTest
  @MethodSource("telling")
  void anIgnoredRowHasNoValuesAndTakesNoneFromTheOthers(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      Random random = new Random(19);
      Schema ignoring = upsert(ConflictStrategy.IGNORE);
      Map<Integer, Long> before = Map.of();
      for (int round = 0; round < 5; round++) {
        List<Integer> keys =
            new ArrayList<>(random.ints(400, 0, 200 * (round + 1)).boxed().toList());

        List<Outcome<Row>> outcomes =
            submitted(
                backend,
                keys.stream()
                    .map(k -> row(ignoring, k, random.nextInt(4) == 0 ? null : "w" + k))
                    .toList(),
                1 + random.nextInt(200),
                "id",
                "twice");

        Map<Integer, Long> ids = ids(backend);
        Map<Integer, Integer> told = new HashMap<>();
        for (Outcome<Row> outcome : outcomes) {
          int k = (int) Objects.requireNonNull(outcome.row().value("k"));
          WriteResult result = Objects.requireNonNull(outcome.result(), () -> "" + outcome.error());
          Object id = result.value("id");
          assertThat(result.value("twice") == null).isEqualTo(id == null);
          if (id != null) {
            assertThat(((Number) id).longValue()).isEqualTo(ids.get(k));
            told.merge(k, 1, Integer::sum);
          }
        }
        Map<Integer, Integer> inserted = new HashMap<>();
        for (Integer k : ids.keySet()) {
          if (!before.containsKey(k)) {
            inserted.put(k, 1);
          }
        }
        assertThat(told).isEqualTo(inserted);
        before = ids;
      }
    }
  }

  static Stream<Backend.Kind> all() {
    return Backend.kinds();
  }

  /** Some keys come twice: in one batch, in different batches, and from before. */
  @ParameterizedTest
  @MethodSource("all")
  void anIgnoredRowHasTheValuesOfTheExistingRowOnRequest(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      Random random = new Random(20);
      Schema ignoring = upsert(ConflictStrategy.IGNORE);
      for (int round = 0; round < 5; round++) {
        int keys = 200 * (round + 1);
        List<Row> rows =
            random
                .ints(400, 0, keys)
                .mapToObj(k -> row(ignoring, k, random.nextInt(4) == 0 ? null : "w" + k))
                .toList();

        List<Outcome<Row>> outcomes =
            submitted(
                backend,
                rows,
                policy(1 + random.nextInt(200)).returningExisting("id", "twice").build());

        assertThat(outcomes).hasSize(400);
        assertOwn(outcomes, ids(backend));
      }
    }
  }

  /** An upsert that sets nothing but its key is ignored too. */
  @ParameterizedTest
  @MethodSource("all")
  void anUpsertOfItsKeyAloneHasTheValuesOfTheExistingRow(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      backend.run("INSERT INTO things (k, word) VALUES (7, 'old')");

      List<Outcome<Row>> outcomes =
          submitted(
              backend,
              List.of(row(UPSERT, 7, null), row(UPSERT, 8, null)),
              policy(10).returningExisting("id", "twice").build());

      assertThat(outcomes).hasSize(2);
      assertOwn(outcomes, ids(backend));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anExistingRowIsNotFoundWithoutAKey(Backend.Kind kind) {
    Schema keyless =
        Schema.table("things").columns("k").onConflict(ConflictStrategy.IGNORE).build();
    try (Backend backend = open(kind)) {
      List<Outcome<Row>> outcomes =
          submitted(
              backend, List.of(row(keyless, 1, null)), policy(10).returningExisting("id").build());

      assertThat(outcomes).singleElement().extracting(Outcome::isWritten).isEqualTo(false);
      assertThat(outcomes.get(0).error()).cause().hasMessageContaining("conflictKey");
      assertThat(ids(backend)).isEmpty();
    }
  }

  /** It returns the existing row as well, and does not say so. */
  @ParameterizedTest
  @MethodSource("mariaDb")
  void aRowThatMayBeIgnoredIsRefusedWhereNobodyTells(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      String message = "MariaDB does not tell which rows were ignored";
      assertRefused(backend, row(upsert(ConflictStrategy.IGNORE), 1, "a"), "id", message);
      assertRefused(backend, row(UPSERT, 1, null), "id", message);
    }
  }

  @ParameterizedTest
  @MethodSource("able")
  void aColumnThatTheTableDoesNotHaveIsNamed(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      assertRefused(backend, row(PLAIN, 1, "a"), "made_up", "it has no column 'made_up'");
    }
  }

  private static void assertRefused(Backend backend, Row row, String column, String message) {
    List<Outcome<Row>> outcomes = submitted(backend, List.of(row), 10, column);

    assertThat(outcomes).singleElement().extracting(Outcome::isWritten).isEqualTo(false);
    assertThat(outcomes.get(0).error()).cause().hasMessageContaining(message);
    assertThat(ids(backend)).isEmpty();
  }

  /** The rows that come back cannot be told apart then. */
  @ParameterizedTest
  @MethodSource("postgres")
  void noRowGetsTheKeyOfAnotherIfATriggerDropsOne(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      backend.run(
          "CREATE FUNCTION drop_three() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN IF NEW.k = 3 THEN RETURN NULL; END IF; RETURN NEW; END'",
          "CREATE TRIGGER dropping BEFORE INSERT ON things FOR EACH ROW"
              + " EXECUTE FUNCTION drop_three()");
      List<Row> rows = IntStream.range(0, 5).mapToObj(k -> row(PLAIN, k, "w")).toList();

      List<Outcome<Row>> outcomes = submitted(backend, rows, 5, "id");

      assertThat(outcomes).hasSize(5).allMatch(Outcome::isWritten);
      Map<Integer, Long> ids = ids(backend);
      for (Outcome<Row> outcome : outcomes) {
        WriteResult result = Objects.requireNonNull(outcome.result());
        Object k = Objects.requireNonNull(outcome.row().value("k"));
        Throwable unknown = catchThrowable(() -> result.value("id"));
        if (unknown == null) { // the dropped row was in another batch
          assertThat(ids).containsEntry((Integer) k, (Long) result.value("id"));
        } else {
          assertThat(unknown)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("'id' is not known");
        }
      }
    }
  }

  static Stream<Backend.Kind> postgres() {
    return Backend.kinds().filter(Backend.Kind::isPostgres);
  }

  @ParameterizedTest
  @MethodSource("able")
  void nothingIsReturnedUnlessAskedFor(Backend.Kind kind) {
    try (Backend backend = open(kind)) {
      WriteResult result =
          Objects.requireNonNull(
              submitted(backend, List.of(row(PLAIN, 1, "a")), 10).get(0).result());

      assertThatThrownBy(() -> result.value("id")).isInstanceOf(IllegalStateException.class);
    }
  }
}
