package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConflictStrategyTest {

  private final Path directory;

  ConflictStrategyTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void ignoreWithoutAKeyKeepsTheFirstOfTheRowsThatConflictWithinABatch(Backend.Kind kind) {
    Schema schema =
        Schema.table("pairs").columns("a", "b", "c").onConflict(ConflictStrategy.IGNORE).build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE pairs (a INTEGER UNIQUE, b INTEGER UNIQUE, c INTEGER)");
      backend.write(
          schema.request().set("a", 1).set("b", 1).set("c", 1),
          schema.request().set("a", 1).set("b", 2).set("c", 2),
          schema.request().set("a", 2).set("b", 2).set("c", 3),
          schema.request().set("a", null).set("b", null).set("c", 4),
          schema.request().set("a", null).set("b", null).set("c", 5));
      assertThat(backend.read("SELECT c FROM pairs ORDER BY c"))
          .containsExactly(List.of(1L), List.of(3L), List.of(4L), List.of(5L));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aRowThatGivesWayKeepsWhatTheDatabaseGenerates(Backend.Kind kind) {
    Schema schema =
        Schema.table("people")
            .columns("email", "age")
            .conflictKey("email")
            .onConflict(ConflictStrategy.REPLACE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE people (id "
              + kind.rowId()
              + " PRIMARY KEY, email VARCHAR(40) UNIQUE, age INTEGER,"
              + " next_age INTEGER GENERATED ALWAYS AS (age + 1), seen VARCHAR(10) DEFAULT 'no')",
          "INSERT INTO people (id, email, age, seen) VALUES (7, 'a', 30, 'yes')");
      backend.write(schema.request().set("email", "a").set("age", 31));
      assertThat(backend.read("SELECT id, email, age, next_age, seen FROM people"))
          .containsExactly(List.of(7L, "a", 31L, 32L, "no"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void replaceHarmsNoRowThatConflictsByAnotherKey(Backend.Kind kind) {
    Schema schema =
        Schema.table("people")
            .columns("id", "email")
            .conflictKey("id")
            .onConflict(ConflictStrategy.REPLACE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(40) UNIQUE)",
          "INSERT INTO people VALUES (1, 'a')");
      assertThat(backend.kindOf(schema.request().set("id", 2).set("email", "a")))
          .isEqualTo(FailureKind.DATA);
      assertThat(backend.read("SELECT * FROM people")).containsExactly(List.of(1L, "a"));
    }
  }
}
