package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.AbsentStrategy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of rows that only update are stored and compared as an insert would. */
@Tag("server")
class UpdateOnlyValuesTest {

  private final Path directory;

  UpdateOnlyValuesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** The database would convert all values of a column to one type, here to one that rounds. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void valuesOfSeveralTypesAreStoredAsTheyAre(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE numbers (id INTEGER PRIMARY KEY, v NUMERIC(30, 0))",
          "INSERT INTO numbers (id) VALUES (1), (2), (3)");
      Schema schema =
          Schema.table("numbers")
              .columns("id", "v")
              .conflictKey("id")
              .onConflict(ConflictStrategy.UPDATE)
              .onAbsent(AbsentStrategy.REJECT)
              .build();
      long large = (1L << 60) + 1;
      List<Row> rows =
          List.of(
              schema.row().set("id", 1).set("v", large),
              schema.row().set("id", 2).set("v", 7.0),
              schema.row().set("id", 3).set("v", null));
      assertThat(OneBatch.submit(backend, rows)).allMatch(Outcome::isWritten);
      assertThat(backend.read("SELECT v FROM numbers ORDER BY id").toString().replace(".0", ""))
          .isEqualTo("[[" + large + "], [7], [null]]");
    }
  }

  /** What is compared with a stored key is not converted as it would be when it is stored. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aKeyFindsOnlyItsOwnRow(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE texts (k VARCHAR(5) PRIMARY KEY, v INTEGER)",
          "INSERT INTO texts VALUES ('05', 0), ('5', 0)");
      Schema schema =
          Schema.table("texts")
              .columns("k", "v")
              .conflictKey("k")
              .onConflict(ConflictStrategy.UPDATE)
              .onAbsent(AbsentStrategy.REJECT)
              .build();
      List<Row> rows =
          List.of(schema.row().set("k", 5).set("v", 1), schema.row().set("k", "005").set("v", 2));
      assertThat(OneBatch.submit(backend, rows).stream().map(Outcome::isWritten))
          .containsExactly(true, false);
      assertThat(backend.read("SELECT k, v FROM texts ORDER BY k"))
          .isEqualTo(List.of(List.of("05", 0L), List.of("5", 1L)));
    }
  }

  /** A text keeps the digits that each value has. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTextIsSpelledAsAnInsertSpellsIt(Backend.Kind kind) {
    List<Object> values =
        List.of(
            new BigDecimal("1.5"),
            new BigDecimal("1.500"),
            new BigDecimal("10"),
            LocalDateTime.of(2026, 1, 2, 3, 4, 5),
            LocalDateTime.of(2026, 1, 2, 3, 4, 5, 600_000_000));
    try (Backend backend = kind.open(directory)) {
      for (String table : List.of("inserted", "updated")) {
        backend.run("CREATE TABLE " + table + " (id INTEGER PRIMARY KEY, v VARCHAR(60))");
      }
      backend.run("INSERT INTO updated (id) VALUES (0), (1), (2), (3), (4)");
      for (Schema schema :
          List.of(
              texts("inserted", AbsentStrategy.INSERT), texts("updated", AbsentStrategy.REJECT))) {
        List<Row> rows = new ArrayList<>();
        for (int id = 0; id < values.size(); id++) {
          rows.add(schema.row().set("id", id).set("v", values.get(id)));
        }
        assertThat(OneBatch.submit(backend, rows)).allMatch(Outcome::isWritten);
      }
      assertThat(backend.read("SELECT v FROM updated ORDER BY id"))
          .isEqualTo(backend.read("SELECT v FROM inserted ORDER BY id"));
    }
  }

  private static Schema texts(String table, AbsentStrategy strategy) {
    return Schema.table(table)
        .columns("id", "v")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .onAbsent(strategy)
        .build();
  }

  /** A character that a column cannot hold does not become one that it can hold. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aForeignCharacterIsNotReplaced(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE latin (id VARCHAR(5) PRIMARY KEY, v VARCHAR(5)) CHARACTER SET latin1",
          "INSERT INTO latin VALUES ('?', 'old'), ('a', 'old'), ('\u00e9', 'old')");
      Schema schema = texts("latin", AbsentStrategy.REJECT);
      List<Row> rows =
          List.of(
              schema.row().set("id", "\u4e2d").set("v", "new"),
              schema.row().set("id", "a").set("v", "\u4e2d"),
              schema.row().set("id", "\u00e9").set("v", "\u00e9"));
      assertThat(OneBatch.submit(backend, rows).stream().map(Outcome::isWritten))
          .containsExactly(false, false, true);
      assertThat(backend.read("SELECT v FROM latin ORDER BY id"))
          .isEqualTo(List.of(List.of("old"), List.of("old"), List.of("\u00e9")));
    }
  }
}
