package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
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
          schema.row().set("a", 1).set("b", 1).set("c", 1),
          schema.row().set("a", 1).set("b", 2).set("c", 2),
          schema.row().set("a", 2).set("b", 2).set("c", 3),
          schema.row().set("a", null).set("b", null).set("c", 4),
          schema.row().set("a", null).set("b", null).set("c", 5));
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
      backend.write(schema.row().set("email", "a").set("age", 31));
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
      assertThat(backend.kindOf(schema.row().set("id", 2).set("email", "a")))
          .isEqualTo(FailureKind.DATA);
      assertThat(backend.read("SELECT * FROM people")).containsExactly(List.of(1L, "a"));
    }
  }

  static Stream<Arguments> otherKeys() {
    return Backend.mySqlKinds()
        .flatMap(
            kind ->
                Stream.of("", ", UNIQUE (v)", ", UNIQUE (v(3))", ", UNIQUE (n, v(2))")
                    .flatMap(
                        key ->
                            Stream.of(
                                    ConflictStrategy.UPDATE,
                                    ConflictStrategy.IGNORE,
                                    ConflictStrategy.REPLACE)
                                .map(how -> Arguments.of(kind, key, how))));
  }

  /** A key over a prefix, and a key that was created after the writer looked the table up. */
  @ParameterizedTest
  @MethodSource("otherKeys")
  void aConflictByAKeyThatTheWriterDoesNotKnowIsAnErrorOfItsRow(
      Backend.Kind kind, String key, ConflictStrategy how) {
    Schema schema =
        Schema.table("guarded").columns("id", "v", "n").conflictKey("id").onConflict(how).build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE guarded (id INT PRIMARY KEY, v VARCHAR(100), n INT" + key + ")");
      backend.write(schema.row().set("id", 1).set("v", "alpha").set("n", 1));
      if (key.isEmpty()) {
        backend.run("ALTER TABLE guarded ADD UNIQUE (v)");
      }

      assertThat(
              backend.kindOf(
                  schema.row().set("id", 2).set("v", "alpha").set("n", 1),
                  schema.row().set("id", 3).set("v", "gamma").set("n", 3)))
          .isEqualTo(FailureKind.DATA);
      backend.write(schema.row().set("id", 1).set("v", "alpha").set("n", 1));
      assertThat(backend.read("SELECT * FROM guarded")).containsExactly(List.of(1L, "alpha", 1L));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"MYSQL", "MYSQL_BY_MARIADB"})
  void aRowThatLeavesOutWhatTheTableRequiresIsRejected(Backend.Kind kind) {
    for (ConflictStrategy how : ConflictStrategy.values()) {
      Schema schema =
          Schema.table("strict").columns("id", "v", "w").conflictKey("id").onConflict(how).build();
      try (Backend backend = kind.open(directory)) {
        backend.run("CREATE TABLE strict (id INTEGER PRIMARY KEY, v INTEGER NOT NULL, w INTEGER)");

        assertThat(backend.kindOf(schema.row().set("id", 1).set("w", 2)))
            .as("%s", how)
            .isEqualTo(FailureKind.DATA);
        assertThat(backend.read("SELECT * FROM strict")).isEmpty();
        backend.write(schema.row().set("id", 1).set("v", 2));
        assertThat(backend.read("SELECT * FROM strict").get(0)).startsWith(1L, 2L);
      }
    }
  }
}
