package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A table changes between two batches. The second batch is stored in the changed table, or is
 * rejected.
 */
@Tag("server")
class AlteredTableTest {

  private final Path directory;

  AlteredTableTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Backend postgres() {
    return Backend.Kind.POSTGRES.open(directory);
  }

  private static final Schema PLAIN = Schema.table("altered").columns("id", "v").build();

  private static final Schema KEYED = keyed(ConflictStrategy.UPDATE);

  private static Schema keyed(ConflictStrategy strategy) {
    return Schema.table("altered")
        .columns("id", "v")
        .conflictKey("id")
        .onConflict(strategy)
        .build();
  }

  private static List<Row> rows(Schema schema, int count, Object v) {
    return LongStream.range(0, count)
        .mapToObj(id -> schema.row().set("id", id).set("v", v))
        .toList();
  }

  static Stream<Arguments> changes() {
    return Stream.of(
            List.of("bigint", "double precision", 5L),
            List.of("double precision", "bigint", 1.5),
            List.of("double precision", "real", 0.1),
            List.of("real", "double precision", 0.1),
            List.of("integer", "text", 825373492),
            List.of("integer", "text", "007"),
            List.of("numeric", "text", "1e2"),
            List.of("text", "integer", "12"),
            List.of("integer", "bigint", 7),
            List.of("integer", "numeric(12,3)", 7),
            List.of("date", "timestamp", LocalDate.of(2024, 1, 31)),
            List.of("timestamp", "timestamptz", Instant.parse("2024-07-01T10:00:00Z")),
            List.of("timestamptz", "timestamp", Instant.parse("2024-07-01T10:00:00Z")),
            List.of("bytea", "text", "\\x41"),
            List.of("text", "bytea", new byte[] {1, 2}),
            List.of("integer", "integer[]", List.of(1, 2)),
            List.of("text", "jsonb", "{\"a\": 1}"),
            List.of("varchar(3)", "varchar(5)", "abc"),
            List.of("varchar(9)", "char(5)", "abc"),
            List.of("uuid", "text", "6b2f0c5e-9d6e-4a5c-8f2e-0e7c3a1d2b4f"))
        .flatMap(
            change ->
                Stream.of(1, 31, 32, 1000)
                    .map(
                        count -> Arguments.of(change.get(0), change.get(1), change.get(2), count)));
  }

  /** The expected result is that of a new writer, which has only seen the changed table. */
  @ParameterizedTest
  @MethodSource("changes")
  void aRowIsStoredByTheTypesOfTheMoment(String from, String to, Object value, int count) {
    for (Schema schema : List.of(PLAIN, KEYED)) {
      try (Backend backend = postgres()) {
        backend.run(
            "CREATE TABLE altered (id bigint PRIMARY KEY, v " + to + ")",
            "SET TIME ZONE 'Asia/Tokyo'");
        List<List<Object>> expected = written(backend, schema, count, value);
        backend.run(
            "DROP TABLE altered", "CREATE TABLE altered (id bigint PRIMARY KEY, v " + from + ")");
        backend.writer().write(new Batch(schema, rows(schema, count, null))).block();
        backend.run(
            "DELETE FROM altered",
            "ALTER TABLE altered DROP COLUMN v",
            "ALTER TABLE altered ADD COLUMN v " + to);
        assertThat(written(backend, schema, count, value)).isEqualTo(expected);
        assertThat(written(backend, schema, count, value)).isEqualTo(expected);
      }
    }
  }

  static Stream<Arguments> changesAnywhere() {
    List<List<Object>> changes =
        List.of(
            List.of("REAL", "DOUBLE PRECISION", 0.1),
            List.of("INTEGER", "BIGINT", 5_000_000_000L),
            List.of("INTEGER", "VARCHAR(20)", "007"),
            List.of("VARCHAR(20)", "INTEGER", "12"),
            List.of("DATE", "TIMESTAMP", LocalDateTime.of(2024, 1, 31, 1, 2, 3)),
            List.of("VARCHAR(9)", "VARCHAR(3)", "four"),
            List.of("DECIMAL(9,1)", "DECIMAL(9,3)", new BigDecimal("1.125")));
    return Backend.kinds()
        .filter(kind -> kind != Backend.Kind.POSTGRES)
        .flatMap(
            kind ->
                changes.stream()
                    .map(
                        change -> Arguments.of(kind, change.get(0), change.get(1), change.get(2))));
  }

  @ParameterizedTest
  @MethodSource("changesAnywhere")
  void aRowIsStoredByTheTypesOfTheMomentAnywhere(
      Backend.Kind kind, String from, String to, Object value) {
    for (Schema schema : List.of(PLAIN, KEYED)) {
      try (Backend backend = kind.open(directory)) {
        backend.run("CREATE TABLE altered (id BIGINT PRIMARY KEY, v " + to + ")");
        String expected = stored(backend, schema, value);
        backend.run(
            "DROP TABLE altered", "CREATE TABLE altered (id BIGINT PRIMARY KEY, v " + from + ")");
        backend.write(rows(schema, 3, null));
        backend.run("ALTER TABLE altered DROP COLUMN v", "ALTER TABLE altered ADD COLUMN v " + to);
        assertThat(stored(backend, schema, value)).isEqualTo(expected);
        assertThat(stored(backend, schema, value)).isEqualTo(expected);
      }
    }
  }

  private static String stored(Backend backend, Schema schema, Object value) {
    backend.run("DELETE FROM altered");
    try {
      backend.write(rows(schema, 3, value));
    } catch (RuntimeException failure) {
      return backend.writer().failureClassifier().classify(failure).toString();
    }
    return backend.read("SELECT v FROM altered").toString();
  }

  /** Returns the content of the table, or how the write failed. */
  private static List<List<Object>> written(
      Backend backend, Schema schema, int count, Object value) {
    backend.run("DELETE FROM altered");
    try {
      backend.write(rows(schema, count, value));
    } catch (RuntimeException failure) {
      FailureKind kind = backend.writer().failureClassifier().classify(failure);
      assertThat(kind).isNotEqualTo(FailureKind.UNKNOWN);
      return List.of(List.of(kind));
    }
    return List.copyOf(
        backend.read("SELECT DISTINCT v::text, count(*) FROM altered GROUP BY v::text"));
  }

  @Test
  void aKeyOfAnotherTypeIsTakenWithVerdicts() {
    try (Backend backend = postgres()) {
      backend.run("CREATE TABLE altered (id bigint PRIMARY KEY, v text)");
      backend.write(new Batch(KEYED, rows(KEYED, 40, "a"), true));
      backend.run("ALTER TABLE altered ALTER COLUMN id TYPE text");
      assertThat(backend.write(new Batch(KEYED, rows(KEYED, 40, "b"), true)).verdicts())
          .containsOnly(RowVerdict.UPDATED);
    }
  }

  @Test
  void aTableThatWasMadeAnewTakesTheNextBatch() {
    try (Backend backend = postgres()) {
      for (String type : List.of("integer", "text", "numeric", "text")) {
        backend.run(
            "DROP TABLE IF EXISTS altered",
            "CREATE TABLE altered (v " + type + ", id bigint PRIMARY KEY)");
        backend.write(rows(PLAIN, 100, 12));
        backend.write(rows(KEYED, 100, 12));
        assertThat(backend.read("SELECT DISTINCT v::text FROM altered"))
            .containsExactly(List.of("12"));
      }
    }
  }

  @Test
  void aMappedColumnThatIsGoneIsNamed() {
    for (int count : List.of(1, 40)) {
      try (Backend backend = postgres()) {
        backend.run("CREATE TABLE altered (id bigint PRIMARY KEY, v text)");
        backend.write(rows(PLAIN, 40, "a"));
        backend.run("ALTER TABLE altered RENAME COLUMN v TO w");
        Row[] rows = rows(PLAIN, count, "a").toArray(new Row[0]);
        assertThat(backend.failureOf(rows))
            .isInstanceOf(SqlWriteException.class)
            .hasMessageContaining("there is no column 'v'");
      }
    }
  }

  @Test
  void aConflictKeyThatIsUniqueNoMoreIsNamed() {
    try (Backend backend = postgres()) {
      backend.run("CREATE TABLE altered (id bigint CONSTRAINT one PRIMARY KEY, v text)");
      backend.write(rows(KEYED, 40, "a"));
      backend.run("ALTER TABLE altered DROP CONSTRAINT one");
      assertThat(backend.failureOf(rows(KEYED, 40, "a").toArray(new Row[0])))
          .hasMessageContaining("is not a unique key");
      backend.run("ALTER TABLE altered ADD UNIQUE (id)");
      backend.write(rows(KEYED, 40, "a"));
    }
  }

  @ParameterizedTest
  @MethodSource("replacing")
  void replaceCoversAColumnThatWasAdded(Backend.Kind kind, int count, boolean another) {
    Schema schema = keyed(ConflictStrategy.REPLACE);
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE altered (id BIGINT PRIMARY KEY, v VARCHAR(9), x VARCHAR(9))");
      backend.write(rows(schema, count, "a"));
      backend.run(
          another ? "ALTER TABLE altered DROP COLUMN x" : "UPDATE altered SET x = 'x'",
          "ALTER TABLE altered ADD COLUMN added VARCHAR(9) DEFAULT 'default'",
          "UPDATE altered SET added = 'old'");
      backend.write(rows(schema, count, "b"));
      assertThat(backend.read("SELECT DISTINCT v, added FROM altered"))
          .containsExactly(List.of("b", "default"));
    }
  }

  static Stream<Arguments> replacing() {
    return Backend.kinds()
        .flatMap(
            kind ->
                Stream.of(
                    Arguments.of(kind, 1, true),
                    Arguments.of(kind, 1, false),
                    Arguments.of(kind, 40, true),
                    Arguments.of(kind, 40, false)));
  }
}
