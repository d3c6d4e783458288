package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each caller is told the values that the database gave the caller's own row. */
@Tag("server")
class ReturnedValuesTest {

  @TempDir static Path directory;

  /** The driver of MySQL does not say that its server is MariaDB, which has RETURNING. */
  static Stream<Backend.Kind> counting() {
    return Backend.kinds().filter(kind -> kind.name().contains("MYSQL"));
  }

  /** Rows of different columns are different statements of one batch. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void everyRowGetsItsOwnKeyBack(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      Random random = new Random(17);
      List<Integer> keys = new ArrayList<>(IntStream.range(0, 4_000).boxed().toList());
      Collections.shuffle(keys, random);
      for (int from = 0; from < keys.size(); ) {
        int to = Math.min(keys.size(), from + 1 + random.nextInt(900));
        List<Row> rows =
            keys.subList(from, to).stream()
                .map(k -> Things.row(Things.PLAIN, k, random.nextInt(4) == 0 ? null : "w" + k))
                .toList();

        List<Outcome<Row>> outcomes =
            Things.submitted(backend, rows, 1 + random.nextInt(400), "id", "twice");

        assertThat(outcomes).hasSize(rows.size());
        Things.assertOwn(outcomes, Things.ids(backend));
        from = to;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void anUpsertGetsTheKeyOfTheRowThatItChanged(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      Random random = new Random(18);
      for (int round = 0; round < 4; round++) {
        List<Integer> keys =
            new ArrayList<>(random.ints(600, 0, 200 * (round + 1)).boxed().toList());

        List<Outcome<Row>> outcomes =
            Things.submitted(
                backend,
                keys.stream()
                    .map(k -> Things.row(Things.UPSERT, k, "w" + random.nextInt()))
                    .toList(),
                1 + random.nextInt(200),
                "id",
                "twice");

        assertThat(outcomes).hasSize(600);
        Things.assertOwn(outcomes, Things.ids(backend));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRejectedRowTakesNoKeyFromTheOthers(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      backend.run("INSERT INTO things (k, word) VALUES (33, 'old')");
      List<Row> rows =
          IntStream.range(0, 100).mapToObj(k -> Things.row(Things.PLAIN, k, "w" + k)).toList();

      Map<Boolean, List<Outcome<Row>>> outcomes =
          Things.submitted(backend, rows, 100, "id", "twice").stream()
              .collect(java.util.stream.Collectors.partitioningBy(Outcome::isWritten));

      assertThat(outcomes.get(false))
          .extracting(outcome -> outcome.row().value("k"))
          .containsExactly(33);
      assertThat(outcomes.get(true)).hasSize(99);
      Things.assertOwn(Objects.requireNonNull(outcomes.get(true)), Things.ids(backend));
    }
  }

  /** Several connections insert at the same time. */
  @ParameterizedTest
  @MethodSource("counting")
  void everyRowGetsItsOwnKeyBackIfKeysHaveSteps(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      backend.run(
          "SET GLOBAL auto_increment_increment = 3", "SET GLOBAL auto_increment_offset = 2");
      List<Row> rows =
          IntStream.range(0, 600).mapToObj(k -> Things.row(Things.PLAIN, k, "w" + k)).toList();
      try {
        List<Outcome<Row>> outcomes = Things.submitted(backend, rows, 100, "id", "twice");

        assertThat(outcomes).hasSize(600);
        assertThat(Things.ids(backend).values()).allMatch(id -> id % 3 == 2);
        Things.assertOwn(outcomes, Things.ids(backend));
      } finally {
        backend.run(
            "SET GLOBAL auto_increment_increment = 1", "SET GLOBAL auto_increment_offset = 1");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("counting")
  void aRowThatCannotBeFoundAgainIsRefused(Backend.Kind kind) {
    Schema withId = Schema.table("things").columns("id", "k").build();
    try (Backend backend = Things.open(kind, directory)) {
      Things.assertRefused(
          backend,
          Things.row(withId, 1, null).set("id", 7L),
          "twice",
          "only by a unique conflictKey");
      backend.run(
          "CREATE TRIGGER changing BEFORE INSERT ON things FOR EACH ROW SET NEW.id = NEW.k + 70");
      Things.assertRefused(
          backend, Things.row(Things.PLAIN, 1, "a"), "id", "that a trigger or a view may change");
      Things.assertRefused(
          backend, Things.row(Things.UPSERT, 1, "a"), "id", "that a trigger or a view may change");
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aColumnThatTheTableDoesNotHaveIsNamed(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      Things.assertRefused(
          backend, Things.row(Things.PLAIN, 1, "a"), "made_up", "it has no column 'made_up'");
    }
  }

  /** The rows that come back cannot be told apart then. */
  @ParameterizedTest
  @MethodSource("postgres")
  void noRowGetsTheKeyOfAnotherIfATriggerDropsOne(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      backend.run(
          "CREATE FUNCTION drop_three() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN IF NEW.k = 3 THEN RETURN NULL; END IF; RETURN NEW; END'",
          "CREATE TRIGGER dropping BEFORE INSERT ON things FOR EACH ROW"
              + " EXECUTE FUNCTION drop_three()");
      List<Row> rows =
          IntStream.range(0, 5).mapToObj(k -> Things.row(Things.PLAIN, k, "w")).toList();

      List<Outcome<Row>> outcomes = Things.submitted(backend, rows, 5, "id");

      assertThat(outcomes).hasSize(5).allMatch(Outcome::isWritten);
      Map<Integer, Long> ids = Things.ids(backend);
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
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void nothingIsReturnedUnlessAskedFor(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      WriteResult result =
          Objects.requireNonNull(
              Things.submitted(backend, List.of(Things.row(Things.PLAIN, 1, "a")), 10)
                  .get(0)
                  .result());

      assertThatThrownBy(() -> result.value("id")).isInstanceOf(IllegalStateException.class);
    }
  }
}
