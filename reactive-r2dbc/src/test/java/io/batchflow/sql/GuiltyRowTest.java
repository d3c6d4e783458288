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

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.GuiltyCase#cases")
  void aBadRowCostsOneRowWhateverItsCode(GuiltyCase each) {
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
    GuiltyCase each =
        GuiltyCase.of(Backend.Kind.H2_MEMORY, "lock", "same", "same", GuiltyCase.TABLE);
    Schema schema =
        Schema.table("guilty")
            .columns("id", "v")
            .conflictKey("id")
            .onConflict(ConflictStrategy.UPDATE)
            .build();
    try (Backend backend = each.kind().open(directory)) {
      backend.run(GuiltyCase.TABLE, "INSERT INTO guilty VALUES (7, 'held')");
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
      backend.run(GuiltyCase.TABLE);
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

  private static List<Outcome<Row>> outcomes(Backend backend, Schema schema, GuiltyCase each) {
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
