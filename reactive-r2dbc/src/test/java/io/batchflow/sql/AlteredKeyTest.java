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

/** Keys that become equal while a flow is open obey the last submission at once. */
@Tag("server")
class AlteredKeyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir static Path directory;

  static Stream<Arguments> changes() {
    return Backend.kinds()
        .filter(kind -> !kind.isSqlite()) // which cannot change a collation
        .flatMap(
            kind ->
                Stream.of(ConflictStrategy.UPDATE, ConflictStrategy.REPLACE)
                    .map(how -> Arguments.of(kind, how)));
  }

  private static String typeBefore(Backend.Kind kind) {
    return kind.isMySql() ? "VARCHAR(9) COLLATE utf8mb4_bin" : "VARCHAR(9)";
  }

  private static String change(Backend.Kind kind) {
    if (kind.isMySql()) {
      return "MODIFY k VARCHAR(9) COLLATE utf8mb4_general_ci";
    }
    return kind.isPostgres()
        ? "ALTER k TYPE VARCHAR(9) COLLATE nocase"
        : "ALTER COLUMN k VARCHAR_IGNORECASE(9)";
  }

  @ParameterizedTest
  @MethodSource("changes")
  void theLastRowStaysWhereTheCollationWasChanged(Backend.Kind kind, ConflictStrategy how) {
    Schema schema =
        Schema.table("altered").columns("k", "v").conflictKey("k").onConflict(how).build();
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE altered (k " + typeBefore(kind) + " PRIMARY KEY, v INT)");
      if (kind.isPostgres()) {
        backend.run(
            "CREATE COLLATION IF NOT EXISTS nocase"
                + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
      }
      BatchFlow flow =
          BatchFlow.builder(backend.anotherWriter())
              .concurrency(1)
              .defaultPolicy(
                  BatchPolicy.builder()
                      .maxDelay(Duration.ofMillis(20))
                      .lingerWhenIdle(true)
                      .build())
              .build();
      flow.submit(schema.row().set("k", "x").set("v", 0)).block(PATIENCE);

      backend.run("ALTER TABLE altered " + change(kind));
      List<Outcome<Row>> outcomes =
          flow.submitAll(
                  Flux.just("B", "b", "B", "a", "A", "a")
                      .index((i, key) -> schema.row().set("k", key).set("v", i.intValue() + 1)))
              .collectList()
              .blockOptional(PATIENCE)
              .orElseThrow();
      flow.close().block(PATIENCE);

      assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.error()).isNull());
      assertThat(backend.read("SELECT v FROM altered ORDER BY v"))
          .containsExactly(List.of(0L), List.of(3L), List.of(6L));
    }
  }
}
