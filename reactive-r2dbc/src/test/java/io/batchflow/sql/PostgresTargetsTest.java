package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.Batch;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.RowVerdict;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kinds of tables and of conflict keys. */
@Tag("server")
class PostgresTargetsTest {

  private final Path directory;

  PostgresTargetsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Backend postgres() {
    return Backend.Kind.POSTGRES.open(directory);
  }

  private static Schema.Builder events() {
    return Schema.table("events")
        .columns("id", "v")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE);
  }

  private static Row row(Schema schema, long id, Object v) {
    return schema.row().set("id", id).set("v", v);
  }

  private static List<Row> rows(Schema schema, int count) {
    return LongStream.range(0, count).mapToObj(id -> row(schema, id, "v" + id)).toList();
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"POSTGRES", "POSTGRES_JDBC", "SQLITE_MEMORY", "SQLITE_FILE"})
  void aPartialIndexFindsConflictsAmongItsOwnRowsAlone(Backend.Kind kind) {
    Schema schema =
        Schema.table("users")
            .columns("email", "active", "name")
            .conflictKey("email")
            .conflictWhere("active = 1")
            .onConflict(ConflictStrategy.UPDATE)
            .updateColumns("name")
            .build();
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE users (email VARCHAR(9), active INTEGER, name VARCHAR(9))",
          "CREATE UNIQUE INDEX one ON users (email) WHERE active = 1");
      backend.write(
          schema.row().set("email", "a").set("active", 0).set("name", "first"),
          schema.row().set("email", "a").set("active", 0).set("name", "second"),
          schema.row().set("email", "a").set("active", 1).set("name", "third"),
          schema.row().set("email", "a").set("active", 1).set("name", "fourth"));
      assertThat(backend.read("SELECT active, name FROM users ORDER BY active, name"))
          .containsExactly(List.of(0L, "first"), List.of(0L, "second"), List.of(1L, "fourth"));
    }
  }

  @Test
  void aConstraintByNameFindsConflicts() {
    Schema schema = events().conflictConstraint("By Id").build();
    try (Backend backend = postgres()) {
      backend.run(
          "CREATE TABLE events (id BIGINT, v TEXT, CONSTRAINT \"By Id\" UNIQUE (id))",
          "INSERT INTO events VALUES (1, 'old')");
      backend.write(row(schema, 1, "new"), row(schema, 2, "new"));
      assertThat(backend.read("SELECT * FROM events ORDER BY id"))
          .containsExactly(List.of(1L, "new"), List.of(2L, "new"));
    }
  }

  @Test
  void aKeyThatFindsNoConflictsIsNamedWithTheReason() {
    try (Backend backend = postgres()) {
      backend.run(
          "CREATE TABLE events (id BIGINT CONSTRAINT late UNIQUE DEFERRABLE, v TEXT)",
          "CREATE VIEW shown AS SELECT * FROM events");
      assertThatThrownBy(() -> backend.verify(events().build()))
          .hasMessageContaining(
              "conflict key [id] is not a unique key, as index late is DEFERRABLE");
      backend.run(
          "DROP VIEW shown",
          "ALTER TABLE events DROP CONSTRAINT late",
          "INSERT INTO events VALUES (1, 'a'), (1, 'b')");
      assertThatThrownBy(() -> backend.run("CREATE UNIQUE INDEX CONCURRENTLY torn ON events (id)"));
      assertThatThrownBy(() -> backend.verify(events().build()))
          .hasMessageContaining("as index torn is INVALID");
    }
  }

  @Test
  void anUpsertIntoAViewIsExplained() {
    Schema schema =
        Schema.table("shown")
            .columns("id", "v")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = postgres()) {
      backend.run(
          "CREATE TABLE events (id BIGINT PRIMARY KEY, v TEXT)",
          "CREATE VIEW shown AS SELECT * FROM events");
      assertThatThrownBy(() -> backend.verify(schema)).hasMessageContaining("it is a view");
    }
  }

  @Test
  void aPartitionedTableTakesEveryStrategy() {
    try (Backend backend = postgres()) {
      backend.run(
          "CREATE TABLE events (id BIGINT PRIMARY KEY, v TEXT) PARTITION BY RANGE (id)",
          "CREATE TABLE low PARTITION OF events FOR VALUES FROM (0) TO (50)",
          "CREATE TABLE high PARTITION OF events FOR VALUES FROM (50) TO (100)");
      Schema plain = Schema.table("events").columns("id", "v").build();
      backend.write(rows(plain, 100));
      for (ConflictStrategy strategy :
          List.of(ConflictStrategy.IGNORE, ConflictStrategy.UPDATE, ConflictStrategy.REPLACE)) {
        Schema schema = events().onConflict(strategy).build();
        // Such a table does not report what a row did, which must not be an error.
        Batch batch = new Batch(schema, rows(schema, 100), true);
        assertThat(backend.write(batch).verdicts()).hasSize(100).containsOnly(RowVerdict.WRITTEN);
      }
      assertThat(backend.read("SELECT (SELECT count(*) FROM low), (SELECT count(*) FROM high)"))
          .containsExactly(List.of(50L, 50L));
      assertThat(backend.kindOf(row(plain, 100, "no partition"))).isEqualTo(FailureKind.DATA);
    }
  }

  @Test
  void rowsGoThroughAViewAndItsTrigger() {
    Schema schema = Schema.table("shown").columns("id", "v").build();
    try (Backend backend = postgres()) {
      backend.run(
          "CREATE TABLE events (id BIGINT, v TEXT)", "CREATE VIEW shown AS SELECT * FROM events");
      backend.write(rows(schema, 100));
      assertThat(backend.read("SELECT count(*) FROM events")).containsExactly(List.of(100L));
    }
  }

  @Test
  void aTableWithRowSecurityTakesManyRows() {
    Schema schema = Schema.table("events").columns("id", "v").build();
    try (Backend backend = postgres()) {
      backend.run(
          "CREATE TABLE events (id BIGINT, v TEXT)",
          "ALTER TABLE events ENABLE ROW LEVEL SECURITY");
      backend.write(rows(schema, 100));
      assertThat(backend.read("SELECT count(*) FROM events")).containsExactly(List.of(100L));
    }
  }

  @Test
  void aTriggerMayFillWhatTheSchemaLeavesOutAndRejectWhatItDislikes() {
    Schema schema = Schema.table("events").columns("id").build();
    try (Backend backend = postgres()) {
      backend.run(
          "CREATE TABLE events (id BIGINT, seen TIMESTAMP NOT NULL)",
          "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id < 0 THEN"
              + " RAISE EXCEPTION 'no'; END IF; NEW.seen := now(); RETURN NEW; END $$",
          "CREATE TRIGGER filled BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION fill()");
      backend.verify(schema);
      backend.write(schema.row().set("id", 1L));
      assertThat(backend.read("SELECT count(*) FROM events")).containsExactly(List.of(1L));
      assertThat(backend.kindOf(schema.row().set("id", -1L))).isEqualTo(FailureKind.DATA);
    }
  }

  /** A trigger sees what the writer's only connection has prepared. */
  private static void watchPrepared(Backend backend, String of) {
    backend.run(
        "CREATE TABLE events (id BIGINT PRIMARY KEY, v TEXT)",
        "CREATE TABLE seen (n BIGINT, types TEXT)",
        "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen"
            + " SELECT count(*), string_agg(DISTINCT parameter_types::text, ' ') FROM"
            + " pg_prepared_statements WHERE statement LIKE '"
            + of
            + "'; RETURN NULL; END $$",
        "CREATE TRIGGER looked AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION look()");
  }

  /** One for the COPY and one for the array. Texts of several sizes would each be prepared. */
  @Test
  void theNumberOfPreparedStatementsDoesNotGrowWithTheSizesOfBatches() {
    try (Backend backend = postgres()) {
      watchPrepared(backend, "%");
      Schema schema = events().build();
      backend.write(rows(schema, 1));
      backend.run("DELETE FROM seen");
      for (int size = 1; size <= 120; size++) {
        backend.write(rows(schema, size));
      }
      assertThat(backend.read("SELECT count(*), max(n) - min(n) FROM seen"))
          .containsExactly(List.of(120L, 0L));
    }
  }

  @Test
  void arraysTravelInBinaryAndInTextWhereAValueHasNoBinaryForm() {
    try (Backend backend = postgres()) {
      watchPrepared(backend, "INSERT%");
      Schema schema = events().build();
      backend.write(row(schema, 1, "v"));
      backend.write(row(schema, 2, 'v'), row(schema, 3, "v"));
      backend.write(row(schema, 4, "v"), row(schema, 5, 'v'));
      assertThat(backend.read("SELECT n, types FROM seen"))
          .containsExactly(
              List.of(1L, "{bigint[],text[]}"),
              List.of(2L, "{\"character varying\",\"character varying\"} {bigint[],text[]}"),
              List.of(2L, "{\"character varying\",\"character varying\"} {bigint[],text[]}"));
    }
  }

  @Test
  void aDriverWithoutOurCodecGetsText() {
    try (Backend backend = Backend.postgresInText()) {
      watchPrepared(backend, "INSERT%");
      backend.write(rows(events().build(), 3));
      assertThat(backend.read("SELECT n, types FROM seen"))
          .containsExactly(List.of(1L, "{\"character varying\",\"character varying\"}"));
    }
  }
}
