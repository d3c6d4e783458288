package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers of rows that were ignored are told so, or the values of the existing rows. */
@Tag("server")
class IgnoredValuesTest {

  @TempDir static Path directory;

  static Stream<Backend.Kind> telling() {
    return Backend.kinds().filter(kind -> !kind.isMySql());
  }

  /** Some keys come twice: in one batch, in different batches, and from before. */
  @ParameterizedTest
  @MethodSource("telling")
  void anIgnoredRowHasNoValuesAndTakesNoneFromTheOthers(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      Random random = new Random(19);
      Schema ignoring = Things.upsert(ConflictStrategy.IGNORE);
      Map<Integer, Long> before = Map.of();
      for (int round = 0; round < 5; round++) {
        List<Integer> keys =
            new ArrayList<>(random.ints(400, 0, 200 * (round + 1)).boxed().toList());

        List<Outcome<Row>> outcomes =
            Things.submitted(
                backend,
                keys.stream()
                    .map(k -> Things.row(ignoring, k, random.nextInt(4) == 0 ? null : "w" + k))
                    .toList(),
                1 + random.nextInt(200),
                "id",
                "twice");

        Map<Integer, Long> ids = Things.ids(backend);
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

  /** Some keys come twice: in one batch, in different batches, and from before. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void anIgnoredRowHasTheValuesOfTheExistingRowOnRequest(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      Random random = new Random(20);
      Schema ignoring = Things.upsert(ConflictStrategy.IGNORE);
      for (int round = 0; round < 5; round++) {
        int keys = 200 * (round + 1);
        List<Row> rows =
            random
                .ints(400, 0, keys)
                .mapToObj(k -> Things.row(ignoring, k, random.nextInt(4) == 0 ? null : "w" + k))
                .toList();

        List<Outcome<Row>> outcomes =
            Things.submitted(
                backend,
                rows,
                Things.policy(1 + random.nextInt(200)).returningExisting("id", "twice").build());

        assertThat(outcomes).hasSize(400);
        Things.assertOwn(outcomes, Things.ids(backend));
      }
    }
  }

  /** An upsert that sets nothing but its key is ignored too. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void anUpsertOfItsKeyAloneHasTheValuesOfTheExistingRow(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      backend.run("INSERT INTO things (k, word) VALUES (7, 'old')");

      List<Outcome<Row>> outcomes =
          Things.submitted(
              backend,
              List.of(Things.row(Things.UPSERT, 7, null), Things.row(Things.UPSERT, 8, null)),
              Things.policy(10).returningExisting("id", "twice").build());

      assertThat(outcomes).hasSize(2);
      Things.assertOwn(outcomes, Things.ids(backend));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void anExistingRowIsNotFoundWithoutAKey(Backend.Kind kind) {
    Schema keyless =
        Schema.table("things").columns("k").onConflict(ConflictStrategy.IGNORE).build();
    try (Backend backend = Things.open(kind, directory)) {
      List<Outcome<Row>> outcomes =
          Things.submitted(
              backend,
              List.of(Things.row(keyless, 1, null)),
              Things.policy(10).returningExisting("id").build());

      assertThat(outcomes).singleElement().extracting(Outcome::isWritten).isEqualTo(false);
      assertThat(outcomes.get(0).error()).cause().hasMessageContaining("conflictKey");
      assertThat(Things.ids(backend)).isEmpty();
    }
  }

  /** MariaDB returns the existing row as well, and does not say so. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aRowThatMayBeIgnoredIsRefusedWhereNobodyTells(Backend.Kind kind) {
    try (Backend backend = Things.open(kind, directory)) {
      String message = " does not tell which rows were ignored";
      Things.assertRefused(
          backend, Things.row(Things.upsert(ConflictStrategy.IGNORE), 1, "a"), "id", message);
      Things.assertRefused(backend, Things.row(Things.UPSERT, 1, null), "id", message);
    }
  }
}
