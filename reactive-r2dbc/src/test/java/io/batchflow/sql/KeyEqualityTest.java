package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Request;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/**
 * Which keys are equal is for the database to say: a flow leaves what the same rows leave one by
 * one, in the order of their submission.
 */
class KeyEqualityTest {

  private static final List<Object> NUMBERS =
      List.of(1, 1L, new BigDecimal("1.0"), new BigDecimal("1.00"), "1", 1.5, "1.50", 2L);
  private static final List<Object> TEXTS = List.of("a", "A", "a ", "b", "é", "e", 'a');
  private static final List<Object> TIMES =
      List.of(
          OffsetDateTime.parse("2024-01-01T13:00:00+01:00"),
          OffsetDateTime.parse("2024-01-01T12:00:00Z"),
          Instant.parse("2024-01-01T12:00:00.0000004Z"),
          Instant.parse("2024-01-01T12:00:00.4Z"),
          LocalDateTime.parse("2024-01-01T12:00:00"),
          "2024-01-01 12:00:00");

  @TempDir static Path directory;

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
      cases.add(new Case(kind, "numeric", NUMBERS));
      cases.add(new Case(kind, "timestamptz", TIMES));
      cases.add(new Case(kind, "timestamptz(0)", TIMES));
      cases.add(new Case(kind, "timestamp", TIMES));
    } else if (kind.isMySql()) {
      cases.add(new Case(kind, "VARCHAR(20) COLLATE utf8mb4_bin", TEXTS));
      cases.add(new Case(kind, "DATETIME(0)", TIMES));
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

  private static Request row(Schema schema, @Nullable Object key, int number) {
    return schema.request().set("k", key).set("v", number).set("made", number);
  }

  private static BatchFlow flow(BatchWriter writer, int concurrency, int maxSize) {
    return BatchFlow.builder(writer)
        .concurrency(Math.min(concurrency, writer.maxConcurrency()))
        .defaultPolicy(
            BatchPolicy.builder().maxSize(maxSize).maxDelay(Duration.ofMillis(20)).build())
        .build();
  }

  /** Returns how many rows were written. */
  private static long submit(BatchFlow flow, List<Request> rows) {
    long written =
        flow.submitAll(Flux.fromIterable(rows))
            .filter(Outcome::isWritten)
            .count()
            .blockOptional(Duration.ofMinutes(1))
            .orElseThrow();
    return written;
  }

  private static void prepare(Backend backend, Case each) {
    if (each.kind.isPostgres()) {
      backend.run(
          "CREATE COLLATION IF NOT EXISTS nocase"
              + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
          "DO $$ BEGIN CREATE DOMAIN nocase_text AS text COLLATE nocase;"
              + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
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
            continue; // whose first row is the first is open
          }
          prepare(backend, each);
          // Each key twice, and once more in the other order.
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
              .isEqualTo(backend.read("SELECT k, v, made FROM single ORDER BY v"));
          assertThat(all).isEqualTo(one);
        }
      }
    }
  }

  private static List<Request> rows(Schema schema, List<Object> keys) {
    return IntStream.range(0, keys.size()).mapToObj(i -> row(schema, keys.get(i), i)).toList();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aRowWhoseKeyIsMadeUpMeetsNoOtherOfItsBatch(Backend.Kind kind) {
    List<@Nullable Object> none = new ArrayList<>(Arrays.asList((Object) null));
    if (kind.isMySql()) {
      none.add(0);
    } else if (!kind.isSqlite()) {
      return; // the others make up no key that is given
    }
    for (Object key : none) {
      for (ConflictStrategy how : List.of(ConflictStrategy.UPDATE, ConflictStrategy.IGNORE)) {
        try (Backend backend = kind.open(directory)) {
          backend.run(
              "DROP TABLE IF EXISTS flowed",
              "CREATE TABLE flowed (k " + kind.rowId() + " PRIMARY KEY, v INT, made INT)");
          Schema schema = schema("flowed", how);
          BatchFlow flow = flow(backend.anotherWriter(), 1, 1_000);
          submit(
              flow,
              List.of(
                  row(schema, key, 1), row(schema, key, 2), row(schema, 1, 3), row(schema, 2, 4)));
          flow.close().block(Duration.ofMinutes(1));

          assertThat(backend.read("SELECT v FROM flowed")).hasSize(4);
        }
      }
    }
  }
}
