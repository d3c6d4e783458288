package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.test.LedgerAssertions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

/** A load with bad rows of every kind. Exactly these are rejected, on every database. */
@Tag("server")
class IsolationTest {

  private static final int ROWS = 4_000;
  private static final int BATCH = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Schema PEOPLE =
      Schema.table("people").columns("id", "name", "age", "parent").build();

  private static final String DDL =
      "CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR(10) NOT NULL, age INTEGER"
          + " CHECK (age >= 0), parent BIGINT REFERENCES people (id), CHECK (LENGTH(name) <= 10))";

  /** The fault of a row, by its id. */
  private static final Map<Long, UnaryOperator<Row>> BAD =
      Map.ofEntries(
          Map.entry(0L, row -> row.set("name", null)),
          Map.entry(7L, row -> row.set("name", "longer than ten")),
          Map.entry(8L, row -> row.set("age", -1)),
          Map.entry(499L, row -> row.set("parent", 1_000_000)),
          Map.entry(500L, row -> row.set("age", -500)),
          Map.entry(777L, row -> row.set("id", 1)),
          Map.entry(1_600L, row -> row.set("name", new Thread("of no column"))),
          Map.entry(2_001L, row -> row.set("name", null)),
          Map.entry(2_002L, row -> row.set("parent", -1)),
          Map.entry(3_999L, row -> row.set("id", 3_998)));

  /** Children before their parents, in a batch with bad rows and in one without. */
  private static final Map<Long, Long> EARLY_CHILDREN =
      Map.of(5L, 450L, 450L, 451L, 1_200L, 1_499L, 2_000L, 2_499L);

  private final Path directory;

  IsolationTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Row person(long id) {
    Row row = PEOPLE.row().set("id", id).set("name", "p" + id).set("age", 30).tag(id);
    return BAD.getOrDefault(id, same -> same).apply(row.set("parent", EARLY_CHILDREN.get(id)));
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void exactlyTheGuiltyAreRejected(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run(DDL);
      BatchFlow flow =
          BatchFlow.builder(backend.writer())
              // Only full batches: a child and its parent must be in the same batch.
              .defaultPolicy(
                  BatchPolicy.builder()
                      .maxSize(BATCH)
                      .maxDelay(Duration.ofHours(1))
                      .lingerWhenIdle(true)
                      .build())
              .concurrency(1)
              .build();

      List<Outcome<Row>> outcomes =
          flow.submitAll(Flux.range(0, ROWS).map(id -> person(id))).collectList().block(PATIENCE);
      flow.close().block(PATIENCE);

      Set<Object> rejected =
          outcomes.stream()
              .filter(
                  outcome ->
                      outcome.error() instanceof RowRejectedException
                          || outcome.error() instanceof InvalidRowException)
              .map(outcome -> outcome.row().tag())
              .collect(Collectors.toSet());
      assertThat(rejected).isEqualTo(BAD.keySet());
      assertThat(outcomes).filteredOn(Outcome::isWritten).hasSize(ROWS - BAD.size());
      assertThat(backend.read("SELECT COUNT(*), COUNT(parent) FROM people"))
          .containsExactly(List.of((long) ROWS - BAD.size(), (long) EARLY_CHILDREN.size()));
      LedgerAssertions.assertBalanced(flow);
    }
  }
}
