package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** A change of how keys are compared, while a flow is open, is noticed by the next batch. */
@Tag("server")
class AlteredKeyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir static Path directory;

  static Stream<Arguments> changes() {
    return Backend.kinds()
        .filter(kind -> !kind.isSqlite()) // which cannot change a collation
        .flatMap(
            kind ->
                Stream.of(
                        ConflictStrategy.UPDATE, ConflictStrategy.REPLACE, ConflictStrategy.IGNORE)
                    .map(how -> Arguments.of(kind, how)));
  }

  /** MySQL and MariaDB do not notice a new trigger by themselves. */
  static Stream<Arguments> changesByTrigger() {
    return changes().filter(arguments -> !((Backend.Kind) arguments.get()[0]).isMySql());
  }

  private static Schema altered(ConflictStrategy how) {
    return Schema.table("altered").columns("k", "v").conflictKey("k").onConflict(how).build();
  }

  private static String exact(Backend.Kind kind) {
    return kind.isMySql() ? "VARCHAR(9) COLLATE utf8mb4_bin" : "VARCHAR(9)";
  }

  private static String caseless(Backend.Kind kind) {
    if (kind.isMySql()) {
      return "VARCHAR(9) COLLATE utf8mb4_general_ci";
    }
    return kind.isPostgres() ? "VARCHAR(9) COLLATE nocase" : "VARCHAR_IGNORECASE(9)";
  }

  private static void create(Backend backend, Backend.Kind kind, String type) {
    if (kind.isPostgres()) {
      backend.run(
          "CREATE COLLATION IF NOT EXISTS nocase"
              + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    }
    backend.run("CREATE TABLE altered (k " + type + " PRIMARY KEY, v INT)");
  }

  private static void alter(Backend backend, Backend.Kind kind, String type) {
    backend.run(
        "ALTER TABLE altered "
            + (kind.isMySql()
                ? "MODIFY k "
                : kind.isPostgres() ? "ALTER k TYPE " : "ALTER COLUMN k ")
            + type
            + (kind.isPostgres() && !type.contains("COLLATE") ? " COLLATE \"default\"" : ""));
  }

  /** Returns a flow that writes all rows that come together in one batch. */
  private static BatchFlow flow(Backend backend) {
    return BatchFlow.builder(backend.anotherWriter())
        .concurrency(1)
        .defaultPolicy(
            BatchPolicy.builder().maxDelay(Duration.ofMillis(20)).lingerWhenIdle(true).build())
        .build();
  }

  /** Submits rows whose values are their numbers, from 1, and closes the flow. */
  private static void submit(BatchFlow flow, Schema schema, Object... keys) {
    List<Outcome<Row>> outcomes =
        flow.submitAll(
                Flux.just(keys)
                    .index((i, key) -> schema.row().set("k", key).set("v", i.intValue() + 1)))
            .collectList()
            .blockOptional(PATIENCE)
            .orElseThrow();
    flow.close().block(PATIENCE);
    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.error()).isNull());
  }

  private static List<Object> values(Backend backend) {
    return backend.read("SELECT v FROM altered ORDER BY v").stream()
        .<Object>map(row -> row.get(0))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void keysThatBecomeEqualObeyTheirOrder(Backend.Kind kind, ConflictStrategy how) {
    Schema schema = altered(how);
    try (Backend backend = kind.open(directory)) {
      create(backend, kind, exact(kind));
      BatchFlow flow = flow(backend);
      flow.submit(schema.row().set("k", "x").set("v", 0)).block(PATIENCE);

      alter(backend, kind, caseless(kind));
      submit(flow, schema, "B", "b", "B", "a", "A", "a");

      boolean first = how == ConflictStrategy.IGNORE;
      assertThat(values(backend)).containsExactly(0L, first ? 1L : 3L, first ? 4L : 6L);
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void keysThatAreNoLongerEqualStayDifferentRows(Backend.Kind kind, ConflictStrategy how) {
    Schema schema = altered(how);
    try (Backend backend = kind.open(directory)) {
      create(backend, kind, caseless(kind));
      BatchFlow flow = flow(backend);
      flow.submit(schema.row().set("k", "x").set("v", 0)).block(PATIENCE);

      alter(backend, kind, exact(kind));
      submit(flow, schema, "b", "B", "a", "A", "X");

      assertThat(values(backend)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }
  }

  @ParameterizedTest
  @MethodSource("changesByTrigger")
  void keysThatANewTriggerReplacesStayDifferentRows(Backend.Kind kind, ConflictStrategy how) {
    Schema schema = altered(how);
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE altered (k INT PRIMARY KEY, v INT)");
      BatchFlow flow = flow(backend);
      flow.submit(schema.row().set("k", 7).set("v", 0)).block(PATIENCE);

      KeyTrigger.on("altered", "k", kind).forEach(backend::run);
      submit(flow, schema, 5, 0, 0, 5, 0, 6);

      long last = how == ConflictStrategy.IGNORE ? 1 : 4;
      assertThat(values(backend)).containsExactlyInAnyOrder(0L, 2L, 3L, 5L, 6L, last);
    }
  }
}
