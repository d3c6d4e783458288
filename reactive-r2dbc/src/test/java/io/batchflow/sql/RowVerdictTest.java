package io.batchflow.sql;

import static io.batchflow.RowVerdict.IGNORED;
import static io.batchflow.RowVerdict.INSERTED;
import static io.batchflow.RowVerdict.UPDATED;
import static io.batchflow.RowVerdict.WRITTEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("server")
class RowVerdictTest {

  private final Path directory;

  RowVerdictTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Schema items(ConflictStrategy strategy) {
    return Schema.table("items")
        .columns("region", "id", "amount")
        .conflictKey("region", "id")
        .onConflict(strategy)
        .build();
  }

  private static Row row(Schema schema, @Nullable String region, long id) {
    return schema.row().set("region", region).set("id", id).set("amount", 5);
  }

  /** The table contains (a, 1) and (b, 2). The rows are (a, 1), (a, 2), (null, 1), (b, 2). */
  private static List<RowVerdict> verdicts(
      Backend backend, ConflictStrategy strategy, boolean asked) {
    backend.run(
        "CREATE TABLE items (region VARCHAR(9), id BIGINT, amount INTEGER, UNIQUE (region, id))",
        "INSERT INTO items VALUES ('a', 1, 1), ('b', 2, 1)");
    Schema schema = items(strategy);
    List<Row> rows =
        List.of(
            row(schema, "a", 1),
            row(schema, "a", 2),
            row(schema, null, 1),
            schema.row().set("region", "b").set("id", 2L));
    return backend.write(new Batch(schema, rows, asked)).verdicts();
  }

  static Stream<Arguments> whatDatabasesTell() {
    return Stream.of(
            Backend.Kind.POSTGRES,
            Backend.Kind.POSTGRES_JDBC,
            Backend.Kind.SQLITE_MEMORY,
            Backend.Kind.SQLITE_FILE)
        .flatMap(
            kind ->
                Stream.of(
                    Arguments.of(kind, ConflictStrategy.UPDATE, UPDATED),
                    Arguments.of(kind, ConflictStrategy.REPLACE, UPDATED),
                    Arguments.of(kind, ConflictStrategy.IGNORE, IGNORED)));
  }

  @ParameterizedTest
  @MethodSource("whatDatabasesTell")
  void everyRowIsToldWhatItDid(
      Backend.Kind kind, ConflictStrategy strategy, RowVerdict onConflict) {
    try (Backend backend = kind.open(directory)) {
      List<RowVerdict> verdicts = verdicts(backend, strategy, true);

      assertThat(verdicts.subList(0, 3)).containsExactly(onConflict, INSERTED, INSERTED);
      // A row without update columns leaves the existing row unchanged.
      assertThat(verdicts.get(3))
          .isIn(
              strategy == ConflictStrategy.UPDATE
                  ? List.of(UPDATED, WRITTEN)
                  : List.of(onConflict));
      assertThat(backend.read("SELECT COUNT(*) FROM items")).containsExactly(List.of(4L));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void nothingIsToldUnasked(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      assertThat(verdicts(backend, ConflictStrategy.UPDATE, false)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aPlainInsertIsAnInsertEverywhere(Backend.Kind kind) {
    Schema schema = Schema.table("items").columns("id").build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE items (id BIGINT)");
      List<Row> rows = Stream.of(1L, 2L).map(id -> schema.row().set("id", id)).toList();
      assertThat(backend.write(new Batch(schema, rows, true)).verdicts())
          .containsExactly(INSERTED, INSERTED);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "H2.*", mode = EnumSource.Mode.MATCH_ALL)
  void whatTheDatabaseCannotTellIsJustWritten(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      assertThat(verdicts(backend, ConflictStrategy.UPDATE, true)).containsOnly(WRITTEN);
    }
  }

  /** The submitted key differs from the stored key. */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"POSTGRES", "POSTGRES_JDBC"})
  void aKeyThatTheColumnRoundsIsFound(Backend.Kind kind) {
    Schema schema =
        Schema.table("prices")
            .columns("id", "code")
            .conflictKey("id", "code")
            .onConflict(ConflictStrategy.IGNORE)
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE prices (id NUMERIC(6, 2), code CHAR(4), PRIMARY KEY (id, code))",
          "INSERT INTO prices VALUES (2.5, 'x')");
      List<Row> rows =
          Stream.of("1.004", "2.5", "2.501")
              .map(id -> schema.row().set("id", new BigDecimal(id)).set("code", "x"))
              .toList();
      assertThat(backend.write(new Batch(schema, rows, true)).verdicts())
          .containsExactly(INSERTED, IGNORED, IGNORED);
    }
  }
}
