package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.KeyEquality;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.dialect.Collations;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/**
 * The database decides which keys are equal. The result of a flow equals that of the same rows
 * written one by one, in the order of their submission.
 */
@Tag("server")
class KeyEqualityTest {

  private static final List<Object> NUMBERS =
      List.of(1, 1L, new BigDecimal("1.0"), new BigDecimal("1.00"), "1", 1.5, "1.50", 2L);
  private static final List<Object> TEXTS = List.of("a", "A", "a ", "b", "é", "e", 'a');
  private static final List<Object> ASCII =
      List.of("a", "A", "a  ", "a b", "A_B", "ab", " a", "1", 1, 1L, "01", 'A');
  private static final List<Object> BYTES =
      List.of(new byte[] {'a'}, new byte[] {'A'}, new byte[] {'a', 0}, new byte[] {'a', ' '});
  private static final List<Object> MOODS = List.of("sad", "ok", Mood.sad, Mood.ok);
  private static final List<Object> TIMES =
      List.of(
          OffsetDateTime.parse("2024-01-01T13:00:00+01:00"),
          OffsetDateTime.parse("2024-01-01T12:00:00Z"),
          Instant.parse("2024-01-01T12:00:00.0000004Z"),
          Instant.parse("2024-01-01T12:00:00.4Z"),
          LocalDateTime.parse("2024-01-01T12:00:00"),
          "2024-01-01 12:00:00");

  @TempDir static Path directory;

  enum Mood {
    sad,
    ok
  }

  record Case(Backend.Kind kind, String type, List<Object> keys) {}

  static Stream<Backend.Kind> kinds() {
    return Backend.kinds();
  }

  static Stream<Case> cases() {
    return Backend.kinds().flatMap(kind -> typesOf(kind));
  }

  private static Stream<Case> typesOf(Backend.Kind kind) {
    List<Case> cases = new ArrayList<>();
    List.of("VARCHAR(20)", "CHAR(6)").forEach(type -> cases.add(new Case(kind, type, TEXTS)));
    List.of("BIGINT", "NUMERIC(9, 1)", "VARCHAR(20)", "DOUBLE PRECISION")
        .forEach(type -> cases.add(new Case(kind, type, NUMBERS)));
    if (kind.isPostgres()) {
      cases.add(new Case(kind, "text COLLATE nocase", TEXTS));
      cases.add(new Case(kind, "nocase_text", TEXTS));
      cases.add(new Case(kind, "public.citext", TEXTS));
      cases.add(new Case(kind, "text COLLATE \"C\"", TEXTS));
      cases.add(new Case(kind, "varchar(3)", List.of("abc", "abc ", "abc  ", "ab", "ab ")));
      cases.add(new Case(kind, "mood", MOODS));
      cases.add(new Case(kind, "bytea", BYTES));
      cases.add(new Case(kind, "boolean", List.of(true, "t", "yes", false, "off")));
      cases.add(new Case(kind, "real", List.of(0.1f, 0.1, "0.1", 0.10000000149, 1)));
      cases.add(new Case(kind, "numeric", NUMBERS));
      cases.add(new Case(kind, "timestamptz", TIMES));
      cases.add(new Case(kind, "timestamptz(0)", TIMES));
      cases.add(new Case(kind, "timestamp", TIMES));
    } else if (kind.isMySql()) {
      List<String> collations =
          kind == Backend.Kind.MARIADB // the server is the same for other drivers
              ? List.of(
                  "utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_unicode_ci", "latin1_swedish_ci")
              : List.of("utf8mb4_bin");
      for (String collation : collations) {
        String charset = collation.substring(0, collation.indexOf('_'));
        String type = "(20) CHARACTER SET " + charset + " COLLATE " + collation;
        cases.add(new Case(kind, "VARCHAR" + type, TEXTS));
        cases.add(new Case(kind, "VARCHAR" + type, ASCII));
        cases.add(new Case(kind, "CHAR" + type, ASCII));
      }
      cases.add(new Case(kind, "VARCHAR(3)", List.of("abc", "abc ", "abc  ", "ab", "AB ")));
      cases.add(new Case(kind, "VARBINARY(9)", BYTES));
      cases.add(new Case(kind, "BINARY(4)", BYTES));
      cases.add(new Case(kind, "ENUM('sad', 'ok')", MOODS));
      cases.add(new Case(kind, "DATETIME(0)", TIMES));
      cases.add(new Case(kind, "DATETIME(6)", TIMES));
    } else if (kind.isSqlite()) {
      cases.add(new Case(kind, "TEXT COLLATE NOCASE", TEXTS));
      cases.add(new Case(kind, "", NUMBERS));
    } else {
      cases.add(new Case(kind, "VARCHAR_IGNORECASE(20)", TEXTS));
    }
    return cases.stream();
  }

  private static Schema schema(String table, ConflictStrategy how) {
    return Schema.table(table)
        .columns("k", "v", "made")
        .conflictKey("k")
        .onConflict(how)
        .updateColumns(how == ConflictStrategy.UPDATE ? new String[] {"v"} : new String[0])
        .build();
  }

  private static Row row(Schema schema, @Nullable Object key, int number) {
    return schema.row().set("k", key).set("v", number).set("made", number);
  }

  static BatchFlow flow(BatchWriter writer, int concurrency, int maxSize) {
    return BatchFlow.builder(writer)
        .concurrency(Math.min(concurrency, writer.maxConcurrency()))
        .defaultPolicy(
            BatchPolicy.builder()
                .maxSize(maxSize)
                .maxDelay(Duration.ofMillis(20))
                .lingerWhenIdle(true)
                .build())
        .build();
  }

  /** Returns how many rows were written. */
  private static long submit(BatchFlow flow, List<Row> rows) {
    long written =
        flow.submitAll(Flux.fromIterable(rows))
            .filter(Outcome::isWritten)
            .count()
            .blockOptional(Duration.ofMinutes(1))
            .orElseThrow();
    return written;
  }

  static void prepare(Backend backend, Case each) {
    if (each.kind.isPostgres()) {
      backend.run(
          "CREATE COLLATION IF NOT EXISTS nocase"
              + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
          "DO $$ BEGIN CREATE DOMAIN nocase_text AS text COLLATE nocase;"
              + " EXCEPTION WHEN duplicate_object THEN NULL; END $$",
          "DO $$ BEGIN CREATE TYPE mood AS ENUM ('sad', 'ok');"
              + " EXCEPTION WHEN duplicate_object THEN NULL; END $$",
          "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;"
              + " EXCEPTION WHEN unique_violation THEN NULL; END $$");
    }
    for (String table : List.of("flowed", "single")) {
      backend.run(
          "DROP TABLE IF EXISTS " + table,
          "CREATE TABLE " + table + " (k " + each.type + " PRIMARY KEY, v INT, made INT)");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFlowLeavesWhatTheRowsLeaveOneByOne(Case each) {
    try (Backend backend = each.kind.open(directory)) {
      for (ConflictStrategy how :
          List.of(ConflictStrategy.UPDATE, ConflictStrategy.REPLACE, ConflictStrategy.IGNORE)) {
        for (int[] batches : new int[][] {{1, 1_000}, {8, 3}}) {
          if (how == ConflictStrategy.IGNORE && batches[0] > 1) {
            continue; // which row comes first is not defined
          }
          prepare(backend, each);
          // Each key twice, and then once more in the opposite order.
          List<Object> keys = new ArrayList<>();
          keys.addAll(each.keys);
          keys.addAll(each.keys);
          List<Object> reversed = new ArrayList<>(each.keys);
          java.util.Collections.reverse(reversed);
          keys.addAll(reversed);
          Schema single = schema("single", how);
          Schema flowed = schema("flowed", how);
          BatchFlow oneByOne = flow(backend.anotherWriter(), 1, 1);
          long one = submit(oneByOne, rows(single, keys));
          oneByOne.close().block(Duration.ofMinutes(1));
          BatchFlow flow = flow(backend.anotherWriter(), batches[0], batches[1]);
          long all = submit(flow, rows(flowed, keys));
          flow.close().block(Duration.ofMinutes(1));

          assertThat(backend.read("SELECT k, v, made FROM flowed ORDER BY v"))
              .as("%s, %s batches at once", how, batches[0])
              .usingRecursiveComparison()
              .isEqualTo(backend.read("SELECT k, v, made FROM single ORDER BY v"));
          assertThat(all).isEqualTo(one);
        }
      }
    }
  }

  private static List<Row> rows(Schema schema, List<Object> keys) {
    return IntStream.range(0, keys.size()).mapToObj(i -> row(schema, keys.get(i), i)).toList();
  }

  /** A null that the database does not replace is an error of its row. */
  @ParameterizedTest
  @MethodSource("kinds")
  void aRowWhoseKeyIsMadeUpMeetsNoOtherOfItsBatch(Backend.Kind kind) {
    List<@Nullable Object> none = new ArrayList<>(Arrays.asList((Object) null));
    if (kind.isMySql()) {
      none.add(0);
    }
    long madeUp = kind.isMySql() || kind.isSqlite() ? 2 : 0;
    for (Object key : none) {
      for (ConflictStrategy how :
          List.of(ConflictStrategy.UPDATE, ConflictStrategy.REPLACE, ConflictStrategy.IGNORE)) {
        for (boolean verdicts : new boolean[] {false, true}) {
          try (Backend backend = kind.open(directory)) {
            backend.run(
                "CREATE TABLE flowed (k " + kind.rowId() + " PRIMARY KEY, v INT, made INT)");
            Schema schema = schema("flowed", how);
            BatchFlow flow =
                BatchFlow.builder(backend.anotherWriter())
                    .concurrency(1)
                    .defaultPolicy(
                        BatchPolicy.builder()
                            .maxDelay(Duration.ofMillis(20))
                            .lingerWhenIdle(true)
                            .rowVerdicts(verdicts)
                            .build())
                    .build();
            List<Outcome<Row>> outcomes =
                flow.submitAll(
                        Flux.just(
                            row(schema, key, 1),
                            row(schema, key, 2),
                            row(schema, 1, 3),
                            row(schema, 2, 4)))
                    .collectList()
                    .blockOptional(Duration.ofMinutes(1))
                    .orElseThrow();
            flow.close().block(Duration.ofMinutes(1));

            assertThat(outcomes.stream().filter(Outcome::isWritten)).hasSize((int) madeUp + 2);
            assertThat(backend.read("SELECT v FROM flowed")).hasSize((int) madeUp + 2);
            assertThat(backend.read("SELECT v FROM flowed WHERE k IN (1, 2) ORDER BY k"))
                .containsExactly(List.of(3L), List.of(4L));
          }
        }
      }
    }
  }

  private static Stream<Case> exactCases() {
    List<Object> longs = List.of(3L, 1L, 3L, 2L, 1L);
    List<Object> texts = List.of("c", "a", "c", "b", "a");
    UUID uuid = UUID.fromString("00000000-0000-0000-0000-000000000001");
    List<Object> uuids = List.of(uuid, new UUID(0, 9), uuid, new UUID(0, 2), new UUID(0, 9));
    return kinds()
        .flatMap(
            kind -> {
              Stream.Builder<Case> cases = Stream.builder();
              cases.add(new Case(kind, "BIGINT", longs));
              if (!kind.isMySql()) {
                cases.add(new Case(kind, "VARCHAR(20)", texts));
              }
              if (kind.isPostgres()) {
                cases.add(new Case(kind, "text", texts));
                cases.add(new Case(kind, "text COLLATE \"C\"", texts));
              }
              if (kind.isPostgres() || kind.isH2()) {
                cases.add(new Case(kind, "UUID", uuids));
              }
              return cases.build();
            });
  }

  /**
   * The fast path: a statement for five rows of three keys has three rows, in the order of the
   * keys.
   */
  @ParameterizedTest
  @MethodSource("exactCases")
  void keysThatJavaComparesAsTheDatabaseDoesAreMergedAndSorted(Case each) {
    try (Backend backend = each.kind.open(directory)) {
      prepare(backend, each);
      Schema schema = schema("flowed", ConflictStrategy.UPDATE);
      BatchWriter writer = backend.anotherWriter();
      writer.lookUp(schema).block(Duration.ofMinutes(1));
      KeyEquality rule = Objects.requireNonNull(writer.keyEquality(schema));
      List<Row> rows = rows(schema, each.keys);
      Batch batch = Batch.of(rows, rule);

      assertThat(rule.isExact()).isTrue();
      assertThat(batch.isDistinct()).isTrue();
      assertThat(batch.rows().stream().map(row -> row.value("k")))
          .containsExactlyElementsOf(each.keys.stream().distinct().sorted().toList());
      assertThat(rows.stream().map(rule::key).distinct()).hasSize(3);

      BatchFlow flow = flow(writer, 1, 1_000);
      assertThat(submit(flow, rows)).isEqualTo(5);
      assertThat(flow.stats().merged()).isEqualTo(2);
      flow.close().block(Duration.ofMinutes(1));
    }
  }

  /** Equal keys must have equal forms. Tries all short texts that have a form. */
  @ParameterizedTest
  @EnumSource(value = Backend.Kind.class, names = "MARIADB")
  void textsThatACollationCallsEqualHaveOneForm(Backend.Kind kind) {
    String printable =
        IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
    try (Backend backend = kind.open(directory)) {
      backend.run(
          "CREATE TABLE letters (c VARCHAR(1) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)",
          "INSERT INTO letters VALUES "
              + printable
                  .chars()
                  .mapToObj(c -> "(0x" + Integer.toHexString(c) + ")")
                  .collect(Collectors.joining(", ")));
      List<String> collations =
          backend
              .read(
                  "SELECT DISTINCT FULL_COLLATION_NAME FROM"
                      + " information_schema.COLLATION_CHARACTER_SET_APPLICABILITY"
                      + " WHERE CHARACTER_SET_NAME = 'utf8mb4'")
              .stream()
              .map(row -> String.valueOf(row.get(0)))
              .filter(Collations::comparesInJava)
              .toList();
      assertThat(collations).hasSizeGreaterThan(5);
      for (String collation : collations) {
        assertThat(
                backend.read(
                    "SELECT MIN(CONCAT(a.c, b.c)) FROM letters a JOIN letters b"
                        + " GROUP BY CONCAT(a.c, b.c, '.') COLLATE "
                        + collation
                        + " HAVING COUNT(DISTINCT BINARY LOWER(CONCAT(a.c, b.c))) > 1"))
            .as(collation)
            .isEmpty();
      }
    }
  }
}
