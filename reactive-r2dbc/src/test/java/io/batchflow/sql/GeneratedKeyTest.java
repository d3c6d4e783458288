package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/**
 * Where the database replaces keys, rows with the same values in their keys stay different rows.
 */
@Tag("server")
class GeneratedKeyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final List<ConflictStrategy> MERGING =
      List.of(ConflictStrategy.UPDATE, ConflictStrategy.REPLACE, ConflictStrategy.IGNORE);

  private static final List<Object> ZEROS =
      List.of(
          0,
          (byte) 0,
          BigInteger.ZERO,
          "0",
          "0.0",
          0.0,
          -0.0f,
          0.3,
          false,
          new BigDecimal("0.40"),
          new BigDecimal("0E-5000"));

  @TempDir static Path directory;

  static Stream<Backend.Kind> kindsWithTriggers() {
    return Backend.kinds().filter(kind -> !kind.isSqlite());
  }

  static Stream<Backend.Kind> kindsWithPartialIndexes() {
    return Backend.kinds().filter(kind -> kind.isPostgres() || kind.isSqlite());
  }

  private static Schema.Builder schema(ConflictStrategy how) {
    return Schema.table("items").columns("id", "v").conflictKey("id").onConflict(how);
  }

  /**
   * Writes rows in one batch. Their values of {@code v} are their numbers, from 1.
   *
   * @return the outcome of each row
   */
  private static List<Outcome<Row>> write(Backend backend, Schema schema, Object... keys) {
    List<Row> rows =
        IntStream.range(0, keys.length)
            .mapToObj(i -> schema.row().set("id", keys[i]).set("v", i + 1))
            .toList();
    BatchFlow flow =
        BatchFlow.builder(backend.anotherWriter())
            .concurrency(1)
            .defaultPolicy(
                BatchPolicy.builder().maxDelay(Duration.ofMillis(20)).lingerWhenIdle(true).build())
            .build();
    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.fromIterable(rows)).collectList().blockOptional(PATIENCE).orElseThrow();
    flow.close().block(PATIENCE);
    return outcomes;
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#mySqlKinds")
  void aZeroOfAnyJavaTypeGetsAKeyOfItsOwn(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      for (ConflictStrategy how : MERGING) {
        for (Object zero : ZEROS) {
          backend.run(
              "DROP TABLE IF EXISTS items",
              "CREATE TABLE items (id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT)");
          List<Outcome<Row>> outcomes =
              write(backend, schema(how).build(), zero, zero, "1000000", 0, 0);

          long written = outcomes.stream().filter(Outcome::isWritten).count();
          assertThat(written).isIn(3L, 5L); // drivers send a zero in several forms
          assertThat(backend.read("SELECT v FROM items"))
              .as("%s, %s", how, zero)
              .hasSize((int) written);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kindsWithTriggers")
  void aKeyThatATriggerGeneratesIsOfOneRowOnly(Backend.Kind kind) {
    for (ConflictStrategy how : MERGING) {
      try (Backend backend = kind.open(directory)) {
        backend.run("CREATE TABLE items (id INT PRIMARY KEY, v INT)");
        KeyTrigger.on("items", "id", kind).forEach(backend::run);
        assertThat(write(backend, schema(how).build(), 5, 0, 0, 5, (short) 0, 6))
            .allSatisfy(outcome -> assertThat(outcome.error()).isNull());

        long last = how == ConflictStrategy.IGNORE ? 1 : 4;
        assertThat(backend.read("SELECT v FROM items ORDER BY v"))
            .as("%s", how)
            .containsExactlyInAnyOrder(
                List.of(2L), List.of(3L), List.of(5L), List.of(6L), List.of(last));
      }
    }
  }

  @Test
  void aKeyThatATriggerOfAPartitionGeneratesIsOfOneRowOnly() {
    try (Backend backend = Backend.Kind.POSTGRES.open(directory)) {
      backend.run(
          "CREATE TABLE items (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id)",
          "CREATE TABLE part PARTITION OF items DEFAULT");
      KeyTrigger.on("part", "id", Backend.Kind.POSTGRES).forEach(backend::run);
      assertThat(write(backend, schema(ConflictStrategy.UPDATE).build(), 5, 0, 0, 5, 6))
          .allSatisfy(outcome -> assertThat(outcome.error()).isNull());

      assertThat(backend.read("SELECT v FROM items ORDER BY v"))
          .containsExactly(List.of(2L), List.of(3L), List.of(4L), List.of(5L));
    }
  }

  @ParameterizedTest
  @MethodSource("kindsWithPartialIndexes")
  void theLastRowOfAPartialKeyStaysWhereOnlyTheDatabaseComparesTheKeys(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      String type = kind.isPostgres() ? "public.citext" : "TEXT COLLATE NOCASE";
      if (kind.isPostgres()) {
        backend.run("CREATE EXTENSION IF NOT EXISTS citext SCHEMA public");
      }
      backend.run(
          "CREATE TABLE items (id " + type + ", v INT)",
          "CREATE UNIQUE INDEX part ON items (id) WHERE v > 0");
      Schema partial = schema(ConflictStrategy.UPDATE).conflictWhere("v > 0").build();

      assertThat(write(backend, partial, "a", "a", "A")).allMatch(Outcome::isWritten);
      assertThat(backend.read("SELECT v FROM items")).containsExactly(List.of(3L));
    }
  }
}
