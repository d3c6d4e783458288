package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** One bad row costs one row, whatever its error code. */
@Tag("server")
class GuiltyRowTest {

  private static final int ROWS = 40;
  private static final Set<Integer> GUILTY = Set.of(0, 7, 39);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;

  GuiltyRowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /**
   * A table that rejects some value.
   *
   * @param bad the value of the bad rows
   * @param good the value of the other rows
   */
  private record Case(Backend.Kind kind, String what, Object bad, Object good, List<String> setUp) {

    static Case of(Backend.Kind kind, String what, Object bad, Object good, String... setUp) {
      return new Case(kind, what, bad, good, List.of(setUp));
    }

    /** All strategies, or one of them for each of the many codes. */
    List<ConflictStrategy> strategies() {
      ConflictStrategy[] all = ConflictStrategy.values();
      return what.matches("(RAISE|SIGNAL|SQLException) .*")
          ? List.of(all[Math.floorMod(what.hashCode(), all.length)])
          : List.of(all);
    }

    @Override
    public String toString() {
      return kind + " " + what;
    }
  }

  private static final String TABLE = "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v VARCHAR(60))";

  /** Codes of broken statements, lost sessions, full disks and lost races, and invalid codes. */
  private static Stream<Case> postgres(Backend.Kind kind) {
    Stream<Case> raised =
        Stream.of(
                "42501 42601 42P01 42703 42883 22P02 P0001 P0002 23514 0A000 25006 28000 3D000",
                "08000 08006 40001 40P01 40003 53100 53200 53300 55P03 57014 57P01 57P03 58030 XX000",
                "99999 ZZ999 HV000 F0000 72000 25P02 26000 34000 01000 2F003")
            .flatMap(codes -> Stream.of(codes.split(" ", -1)))
            .map(
                code ->
                    Case.of(
                        kind,
                        "RAISE " + code,
                        code,
                        "good",
                        TABLE,
                        "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                            + " IF NEW.v <> 'good' THEN RAISE EXCEPTION USING ERRCODE = NEW.v;"
                            + " END IF; RETURN NEW; END $$",
                        "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW"
                            + " EXECUTE FUNCTION reject()"));
    Stream<Case> own =
        Stream.of(
            Case.of(
                kind,
                "tsquery",
                "a b",
                "a",
                "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v tsquery)"),
            Case.of(
                kind,
                "regclass",
                "no_such_table",
                "pg_class",
                "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v regclass)"),
            Case.of(
                kind,
                "jsonpath",
                "$.",
                "$.a",
                "CREATE TABLE guilty (id BIGINT PRIMARY KEY, v jsonpath)"),
            Case.of(
                kind,
                "check option",
                "bad",
                "good",
                "CREATE TABLE hidden (id BIGINT PRIMARY KEY, v text)",
                "CREATE VIEW guilty AS SELECT * FROM hidden WHERE v <> 'bad' WITH CHECK OPTION"),
            Case.of(
                kind,
                "no such function in a trigger",
                "bad",
                "good",
                TABLE,
                "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " IF NEW.v = 'bad' THEN PERFORM no_such_function(); END IF;"
                    + " RETURN NEW; END $$",
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW EXECUTE FUNCTION reject()"),
            Case.of(
                kind,
                "statement timeout",
                "bad",
                "good",
                TABLE,
                "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql"
                    + " SET statement_timeout = '50ms' AS $$ BEGIN"
                    + " IF NEW.v = 'bad' THEN"
                    + " PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(1);"
                    + " END IF; RETURN NEW; END $$",
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW EXECUTE FUNCTION reject()"));
    return Stream.concat(raised, own);
  }

  private static Stream<Case> mariaDb(Backend.Kind kind) {
    Stream<Case> signalled =
        Stream.of(
                "30001 1146 1172 1242 1339 1369 1442 1118 1054 1064 1142 1143 1045 1044 1305",
                "1205 1213 1317 1969 3024 1053 1927 2006 2013 1152 1158 1644 65535",
                "1021 1040 1047 1114 1203 1226 1290 1412 1461 1637 1792 1836 3100")
            .flatMap(codes -> Stream.of(codes.split(" ", -1)))
            .map(
                code ->
                    Case.of(
                        kind,
                        "SIGNAL " + code,
                        code,
                        "good",
                        TABLE,
                        "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN"
                            + " DECLARE n INT; IF NEW.v <> 'good' THEN SET n = NEW.v;"
                            + " SIGNAL SQLSTATE '99999'"
                            + " SET MYSQL_ERRNO = n, MESSAGE_TEXT = 'no'; END IF; END"));
    Stream<Case> own =
        Stream.of(
            Case.of(
                kind,
                "SIGNAL 08S01",
                "bad",
                "good",
                TABLE,
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN IF NEW.v = 'bad' THEN"
                    + " SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = 30002; END IF; END"),
            Case.of(
                kind,
                "check option",
                "bad",
                "good",
                "CREATE TABLE hidden (id BIGINT PRIMARY KEY, v VARCHAR(60))",
                "CREATE VIEW guilty AS SELECT * FROM hidden WHERE v <> 'bad' WITH CHECK OPTION"),
            Case.of(
                kind,
                "no such table in a trigger",
                "bad",
                "good",
                TABLE,
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN"
                    + " IF NEW.v = 'bad' THEN INSERT INTO nowhere VALUES (1); END IF; END"),
            Case.of(
                kind,
                "more than one row in a trigger",
                "bad",
                "good",
                TABLE,
                "CREATE TABLE two AS SELECT 1 AS n UNION SELECT 2",
                "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW BEGIN"
                    + " IF NEW.v = 'bad' THEN SET NEW.v = (SELECT n FROM two); END IF; END"));
    return Stream.concat(signalled, own);
  }

  private static Stream<Case> sqlite() {
    String trigger = "CREATE TRIGGER t BEFORE INSERT ON guilty WHEN NEW.v = 'bad' BEGIN ";
    return Stream.of(
        Case.of(
            Backend.Kind.SQLITE_FILE,
            "malformed JSON in a CHECK",
            "{",
            "{}",
            "CREATE TABLE guilty (id INTEGER PRIMARY KEY, v TEXT CHECK (json_type(v) = 'object'))"),
        Case.of(
            Backend.Kind.SQLITE_FILE,
            "RAISE(ABORT)",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT RAISE(ABORT, 'no'); END"),
        Case.of(
            Backend.Kind.SQLITE_FILE,
            "RAISE(FAIL)",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT RAISE(FAIL, 'no'); END"),
        Case.of(
            Backend.Kind.SQLITE_FILE,
            "RAISE(ROLLBACK)",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT RAISE(ROLLBACK, 'no'); END"),
        Case.of(
            Backend.Kind.SQLITE_FILE,
            "an overflow in a trigger",
            "bad",
            "good",
            TABLE,
            trigger + "SELECT abs(-9223372036854775808); END"),
        Case.of(
            Backend.Kind.SQLITE_FILE,
            "JSON in a generated column",
            "{",
            "{}",
            "CREATE TABLE guilty (id INTEGER PRIMARY KEY, v TEXT,"
                + " g GENERATED ALWAYS AS (json_extract(v, '$.a')) STORED)"));
  }

  private static Stream<Case> h2(Backend.Kind kind) {
    return Stream.of(
            "90000/90000 42S02/42102 42000/42000 HY000/50000 08006/5 08000/90067 90028/90028",
            "40001/40001 HYT00/50200 57014/57014 28000/28000 ZZ999/7 P0001/0 22001/22001 /runtime")
        .flatMap(codes -> Stream.of(codes.split(" ", -1)))
        .map(
            code ->
                Case.of(
                    kind,
                    "SQLException " + code,
                    code,
                    "good",
                    TABLE,
                    "CREATE TRIGGER t BEFORE INSERT ON guilty FOR EACH ROW CALL '"
                        + RaisingTrigger.class.getName()
                        + "'"));
  }

  static Stream<Case> cases() {
    return Stream.of(
            postgres(Backend.Kind.POSTGRES),
            postgres(Backend.Kind.POSTGRES_JDBC),
            mariaDb(Backend.Kind.MARIADB),
            mariaDb(Backend.Kind.MARIADB_BY_MYSQL),
            mariaDb(Backend.Kind.MARIADB_JDBC),
            sqlite(),
            h2(Backend.Kind.H2_MEMORY),
            h2(Backend.Kind.H2_JDBC))
        .flatMap(each -> each);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBadRowCostsOneRowWhateverItsCode(Case each) {
    List<AssertionError> differences = new ArrayList<>();
    for (ConflictStrategy strategy : each.strategies()) {
      try (Backend backend = each.kind().open(directory)) {
        backend.run(each.setUp().toArray(String[]::new));
        boolean isView = each.setUp().stream().anyMatch(sql -> sql.startsWith("CREATE VIEW"));
        if (isView && strategy != ConflictStrategy.FAIL) {
          continue;
        }
        Schema schema =
            Schema.table("guilty")
                .columns("id", "v")
                .conflictKey("id")
                .onConflict(strategy)
                .build();
        List<Outcome<Row>> outcomes = outcomes(backend, schema, each);
        assertThat(IntStream.range(0, ROWS).filter(i -> !outcomes.get(i).isWritten()).boxed())
            .as("%s %s: %s", each, strategy, outcomes)
            .containsExactlyInAnyOrderElementsOf(GUILTY);
        assertThat(GUILTY)
            .allSatisfy(
                row ->
                    assertThat(outcomes.get(row).status())
                        .as("%s %s", each, outcomes.get(row).error())
                        .isEqualTo(OutcomeStatus.REJECTED));
        assertThat(backend.read("SELECT COUNT(*) FROM guilty"))
            .containsExactly(List.of((long) ROWS - GUILTY.size()));
      } catch (AssertionError difference) {
        differences.add(difference);
      }
    }
    if (!differences.isEmpty()) {
      throw differences.get(0);
    }
  }

  /** Only that row waits for its lock until the timeout. */
  @Test
  void aRowThatAnotherSessionHasLockedCostsItself() throws SQLException {
    Case each = Case.of(Backend.Kind.H2_MEMORY, "lock", "same", "same", TABLE);
    Schema schema =
        Schema.table("guilty")
            .columns("id", "v")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = each.kind().open(directory)) {
      backend.run(TABLE, "INSERT INTO guilty VALUES (7, 'held')");
      backend.connection().setAutoCommit(false);
      backend.run("UPDATE guilty SET v = 'held still' WHERE id = 7");

      List<Outcome<Row>> outcomes = outcomes(backend, schema, each);
      backend.connection().rollback();
      backend.connection().setAutoCommit(true);

      assertThat(IntStream.range(0, ROWS).filter(i -> !outcomes.get(i).isWritten()).boxed())
          .containsExactly(7);
      assertThat(outcomes.get(7).error()).isInstanceOf(BatchWriteException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTableThatRejectsAllFailsAfterAHandfulOfWrites(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(TABLE);
      BatchWriter writer = backend.writer();
      AtomicInteger writes = new AtomicInteger();
      BatchFlow flow =
          BatchFlow.builder(
                  writer.decorate(
                      (batch, write) -> {
                        writes.incrementAndGet();
                        return write;
                      }))
              .defaultPolicy(
                  BatchPolicy.builder()
                      .maxSize(1_000)
                      .maxDelay(Duration.ofHours(1))
                      .lingerWhenIdle(true)
                      .build())
              .build();
      Schema schema = Schema.table("guilty").columns("id", "v").build();
      writer.write(Batch.of(List.of(schema.row().set("id", -1L)))).block(PATIENCE);
      backend.run("DROP TABLE guilty");

      Flux<Row> rows =
          Flux.range(0, 1_000).map(id -> schema.row().set("id", (long) id).set("v", "good"));
      assertThat(flow.submitAll(rows).collectList().block(PATIENCE))
          .hasSize(1_000)
          .allMatch(outcome -> outcome.status() == OutcomeStatus.REJECTED);
      assertThat(writes).hasValueLessThanOrEqualTo(20);
    }
  }

  private static List<Outcome<Row>> outcomes(Backend backend, Schema schema, Case each) {
    BatchFlow flow =
        BatchFlow.builder(backend.writer())
            .concurrency(1)
            .retry(Retry.fixedDelay(1, Duration.ofMillis(1)))
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(ROWS)
                    .maxDelay(Duration.ofHours(1))
                    .lingerWhenIdle(true)
                    .build())
            .build();
    List<Row> rows =
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    schema
                        .row()
                        .set("id", (long) i)
                        .set("v", GUILTY.contains(i) ? each.bad() : each.good())
                        .tag(i))
            .toList();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromIterable(rows)).collectList().block(PATIENCE);
    List<Outcome<Row>> sorted = new ArrayList<>(Objects.requireNonNull(outcomes));
    sorted.sort(Comparator.comparing(outcome -> (Integer) outcome.row().tag()));
    return sorted;
  }
}
