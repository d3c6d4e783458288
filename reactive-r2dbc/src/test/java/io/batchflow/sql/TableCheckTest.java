package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class TableCheckTest {

  private final Path directory;

  TableCheckTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Schema upsert(String... columns) {
    return Schema.table("orders")
        .columns(columns)
        .conflictKey(columns[0])
        .onConflict(ConflictStrategy.UPDATE)
        .build();
  }

  private static final String ORDERS =
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, number INTEGER NOT NULL, note VARCHAR(9),"
          + " state INTEGER DEFAULT 1 NOT NULL)";

  private static SqlWriteException failure(Backend backend, Schema schema) {
    SqlWriteException failure =
        catchThrowableOfType(SqlWriteException.class, () -> backend.verify(schema));
    assertThat(failure).as("a mismatch").isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.UNUSABLE);
    return failure;
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aSchemaThatFitsIsAccepted(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(ORDERS);
      backend.verify(upsert("id", "number", "note"));
      assertThat(backend.read("SELECT * FROM orders")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aTableIsNotTakenForOneWhoseNameDiffersInCase(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(ORDERS, "CREATE TABLE ORDERS (id INTEGER, note TEXT) ENGINE = MyISAM");
      backend.verify(upsert("id", "number", "note"));
      backend.run("DROP TABLE ORDERS");
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void everyMismatchIsNamed(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      assertThat(failure(backend, upsert("id", "note")).mismatches())
          .containsExactly("there is no such table");

      backend.run(ORDERS);
      assertThat(failure(backend, upsert("id", "first", "number", "second")).mismatches())
          .containsExactly("there is no column 'first'", "there is no column 'second'");
      assertThat(failure(backend, upsert("note", "id")).mismatches())
          .satisfiesExactly(
              left ->
                  assertThat(left)
                      .isEqualToIgnoringCase(
                          "column 'number' takes no null, has no default and is left out"),
              key -> assertThat(key).isEqualTo("its conflict key [note] is not a unique key"));
    }
  }

  /** It would otherwise be ignored, and another row might be overwritten. */
  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aConflictThatTheDatabaseCannotNameIsRejected(Backend.Kind kind) {
    Schema.Builder builder =
        Schema.table("orders")
            .columns("id", "number")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE);
    try (Backend backend = kind.open(directory)) {
      backend.run(ORDERS);
      if (!kind.isPostgres()) {
        assertThat(failure(backend, builder.conflictConstraint("some_key").build()).mismatches())
            .singleElement()
            .asString()
            .endsWith(" has no conflictConstraint");
      }
      if (!kind.isPostgres() && !kind.isSqlite()) {
        Schema partial =
            Schema.table("orders")
                .columns("id", "number")
                .conflictKey("id")
                .onConflict(ConflictStrategy.UPDATE)
                .conflictWhere("number > 0")
                .build();
        assertThat(failure(backend, partial).mismatches())
            .singleElement()
            .asString()
            .endsWith(" has no conflictWhere");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void theFirstBatchIsCheckedAsWell(Backend.Kind kind) {
    Schema schema = upsert("id", "note");
    try (Backend backend = kind.open(directory)) {
      backend.run(ORDERS);
      assertThat(backend.failureOf(schema.row().set("id", 1).set("note", "a")))
          .isInstanceOfSatisfying(
              SqlWriteException.class,
              failure -> {
                assertThat(failure.mismatches()).hasSize(1);
                assertThat(failure.getMessage())
                    .contains("'orders'")
                    .containsIgnoringCase("number");
              });
      backend.run("ALTER TABLE orders DROP COLUMN number");
      backend.write(schema.row().set("id", 1).set("note", "a"));
      assertThat(backend.read("SELECT id, note FROM orders")).hasSize(1);
    }
  }

  static Stream<Arguments> enginesWithoutTransactions() {
    return Backend.mySqlKinds()
        .flatMap(kind -> Stream.of("MyISAM", "MEMORY").map(engine -> Arguments.of(kind, engine)));
  }

  /** Such a table would keep the first rows of a batch that fails. */
  @ParameterizedTest
  @MethodSource("enginesWithoutTransactions")
  void anEngineWithoutTransactionsIsRejected(Backend.Kind kind, String engine) {
    try (Backend backend = kind.open(directory)) {
      backend.run(ORDERS + " ENGINE = " + engine);
      assertThat(failure(backend, upsert("id", "number")).mismatches())
          .singleElement()
          .asString()
          .startsWith("its engine " + engine + " has no transactions");
      assertThat(backend.kindOf(upsert("id", "number").row().set(0, 1).set(1, 2)))
          .isEqualTo(FailureKind.UNUSABLE);
    }
  }
}
