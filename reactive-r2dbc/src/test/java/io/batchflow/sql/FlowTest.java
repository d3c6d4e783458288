package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.stats.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The writers, used by a flow. */
@Tag("server")
class FlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PRODUCERS = 8;
  private static final int ROWS = 100_000;

  private static final String DDL =
      "CREATE TABLE events (id BIGINT PRIMARY KEY, device_id INTEGER, kind VARCHAR(32),"
          + " \"value\" DOUBLE PRECISION CHECK (\"value\" >= 0))";

  private final Path directory;

  FlowTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Schema events(ConflictStrategy strategy) {
    return Schema.table("events")
        .columns("id", "device_id", "kind", "value")
        .conflictKey("id")
        .onConflict(strategy)
        .build();
  }

  private static Row event(Schema schema, long id) {
    return schema
        .row()
        .set("id", id)
        .set("device_id", id % 100)
        .set("kind", "kind-" + id % 10)
        .set("value", id * 0.5);
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"SQLITE_FILE", "H2_MEMORY"})
  void manyProducersStoreEveryRow(Backend.Kind kind) {
    Schema schema = events(ConflictStrategy.FAIL);
    try (Backend backend = kind.open(directory)) {
      backend.run(DDL);
      BatchFlow flow = BatchFlow.builder(backend.writer()).build();

      List<Outcome<Row>> outcomes =
          Flux.range(0, PRODUCERS)
              .flatMap(
                  producer ->
                      flow.submitAll(
                              Flux.range(0, ROWS / PRODUCERS)
                                  .map(i -> event(schema, (long) i * PRODUCERS + producer)))
                          .subscribeOn(Schedulers.parallel()))
              .collectList()
              .block(PATIENCE);
      Ledger ledger = flow.stats().ledger();
      flow.close().block(PATIENCE);

      assertThat(outcomes).hasSize(ROWS).allMatch(Outcome::isWritten);
      assertThat(ledger.written()).isEqualTo(ROWS);
      assertThat(backend.read("SELECT COUNT(*), COUNT(DISTINCT id), MIN(id), MAX(id) FROM events"))
          .containsExactly(List.of((long) ROWS, (long) ROWS, 0L, ROWS - 1L));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void onlyTheBadRowsAreRejected(Backend.Kind kind) {
    Schema schema = events(ConflictStrategy.UPDATE);
    Set<Long> bad = Set.of(3L, 500L, 501L, 1_999L);
    try (Backend backend = kind.open(directory)) {
      backend.run(DDL);
      BatchFlow flow =
          BatchFlow.builder(backend.writer())
              .defaultPolicy(BatchPolicy.builder().maxSize(500).build())
              .build();

      List<Outcome<Row>> outcomes =
          flow.submitAll(
                  Flux.range(0, 2_000)
                      .map(
                          i -> {
                            long id = i;
                            Row row = event(schema, id).tag(id);
                            return bad.contains(id) ? row.set("value", -1.0) : row;
                          }))
              .collectList()
              .block(PATIENCE);
      flow.close().block(PATIENCE);

      assertThat(outcomes)
          .filteredOn(outcome -> !outcome.isWritten())
          .extracting(Outcome::error)
          .hasOnlyElementsOfType(RowRejectedException.class);
      assertThat(outcomes).filteredOn(Outcome::isWritten).hasSize(2_000 - bad.size());
      assertThat(
              outcomes.stream()
                  .filter(outcome -> outcome.error() instanceof RowRejectedException)
                  .map(outcome -> outcome.row().tag())
                  .collect(Collectors.toSet()))
          .isEqualTo(bad);
      assertThat(backend.read("SELECT COUNT(*) FROM events")).containsExactly(List.of(1_996L));
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void theLastOfManyUpdatesOfAKeyWins(Backend.Kind kind) {
    Schema schema = events(ConflictStrategy.UPDATE);
    try (Backend backend = kind.open(directory)) {
      backend.run(DDL);
      BatchFlow flow =
          BatchFlow.builder(backend.writer())
              .defaultPolicy(BatchPolicy.builder().maxSize(50).build())
              .build();

      flow.submitAll(Flux.range(0, 5_000).map(i -> event(schema, i % 70).set("value", (double) i)))
          .blockLast(PATIENCE);
      flow.close().block(PATIENCE);

      assertThat(backend.read("SELECT id, \"value\" FROM events ORDER BY id"))
          .isEqualTo(
              IntStream.range(0, 70)
                  .mapToObj(id -> List.<Object>of((long) id, (double) (4_999 - (4_999 - id) % 70)))
                  .toList());
    }
  }
}
