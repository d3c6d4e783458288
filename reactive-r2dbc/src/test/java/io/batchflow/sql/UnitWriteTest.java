package io.batchflow.sql;

import static io.batchflow.sql.Orders.item;
import static io.batchflow.sql.Orders.numbers;
import static io.batchflow.sql.Orders.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.FailureKind;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.unit.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Units on real databases: all rows of a unit or none. */
@Tag("server")
class UnitWriteTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Schema NOWHERE = Schema.table("unit_nowhere").columns("id").build();

  private final Path directory;

  UnitWriteTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {
        "H2_MEMORY",
        "H2_JDBC",
        "POSTGRES",
        "POSTGRES_JDBC",
        "MARIADB",
        "MARIADB_BY_MYSQL",
        "MARIADB_JDBC",
        "SQLITE_MEMORY",
        "SQLITE_FILE"
      })
  void allRowsOfAUnitAreStoredOrNoneAndABadUnitCostsOnlyItself(Backend.Kind kind) {
    Random random = new Random(17);
    Set<Integer> bad = new TreeSet<>();
    List<Row> units = new ArrayList<>();
    List<Integer> badPositions = new ArrayList<>();
    for (int id = 0; id < 500; id++) {
      List<Row> rows = new ArrayList<>(List.of(order(id)));
      int lines = 1 + random.nextInt(4);
      int guilty = random.nextInt(40) == 0 ? 1 + random.nextInt(lines) : 0;
      for (int line = 1; line <= lines; line++) {
        rows.add(item(id, line, line == guilty ? -1 : line));
      }
      if (guilty > 0) {
        bad.add(id);
      }
      badPositions.add(guilty);
      units.add(Unit.of(rows).tag(id));
    }
    try (Backend backend = Orders.open(kind, directory)) {
      BatchFlow flow =
          BatchFlow.builder(backend.writer())
              .policy(Unit.SCHEMA, BatchPolicy.builder().maxSize(100).build())
              .build();
      List<Outcome<Row>> outcomes =
          flow.submitAll(Flux.fromIterable(units)).collectList().block(PATIENCE);
      LedgerAssertions.assertBalanced(flow);
      flow.close().block(PATIENCE);

      Set<Integer> failed = new TreeSet<>();
      for (Outcome<Row> outcome : outcomes) {
        if (!outcome.isWritten()) {
          int id = (Integer) outcome.value().tag();
          failed.add(id);
          BatchFlowException error = outcome.error();
          assertThat(error.table()).as("unit " + id).isEqualTo("unit_items");
          assertThat(error.positionInUnit()).isEqualTo(badPositions.get(id));
        }
      }
      assertThat(bad).isNotEmpty();
      assertThat(failed).isEqualTo(bad);
      assertThat(numbers(backend, "SELECT id FROM unit_orders"))
          .hasSize(500 - bad.size())
          .doesNotContainAnyElementsOf(bad.stream().map(Integer::longValue).toList());
      long lines =
          units.stream()
              .filter(unit -> !bad.contains((Integer) unit.tag()))
              .mapToLong(unit -> Unit.rows(unit).size() - 1)
              .sum();
      assertThat(numbers(backend, "SELECT COUNT(*) FROM unit_items")).containsExactly(lines);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "POSTGRES", "MARIADB", "SQLITE_FILE"})
  void aUnitWithAMissingTableCostsOnlyItself(Backend.Kind kind) {
    try (Backend backend = Orders.open(kind, directory)) {
      BatchFlow flow =
          BatchFlow.builder(backend.writer())
              .policy(
                  Unit.SCHEMA,
                  BatchPolicy.builder()
                      .maxDelay(Duration.ofMillis(200))
                      .lingerWhenIdle(true)
                      .build())
              .build();
      List<Outcome<Row>> outcomes =
          flow.submitAll(
                  Flux.just(
                      Unit.of(List.of(order(1), item(1, 1, 1))).tag(1),
                      Unit.of(List.of(order(2), NOWHERE.row().set("id", 2L))).tag(2),
                      Unit.of(List.of(order(3))).tag(3)))
              .collectList()
              .block(PATIENCE);
      flow.close().block(PATIENCE);

      assertThat(outcomes)
          .filteredOn(outcome -> !outcome.isWritten())
          .singleElement()
          .satisfies(
              outcome -> {
                BatchFlowException error = outcome.error();
                assertThat(error.table()).isEqualTo("unit_nowhere");
                assertThat(error.positionInUnit()).isEqualTo(1);
              });
      assertThat(numbers(backend, "SELECT id FROM unit_orders ORDER BY id"))
          .containsExactly(1L, 3L);
    }
  }

  /**
   * Batches in flight lock the same rows in different orders, so the database ends some of them.
   */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "POSTGRES", "MARIADB", "MARIADB_BY_MYSQL"})
  void unitsThatWriteTheSameRowsAreAllWritten(Backend.Kind kind) {
    Random random = new Random(18);
    try (Backend backend = Orders.open(kind, directory)) {
      backend.write(LongStream.range(0, 10).mapToObj(Orders::order).toList());
      BatchFlow flow =
          BatchFlow.builder(backend.writer())
              .policy(Unit.SCHEMA, BatchPolicy.builder().maxSize(5).build())
              .build();
      List<Outcome<Row>> outcomes =
          flow.submitAll(
                  Flux.range(0, 1_000)
                      .map(
                          i ->
                              Unit.of(
                                  List.of(
                                      item(random.nextInt(10), 1, i),
                                      item(random.nextInt(10), 1, i)))))
              .collectList()
              .block(PATIENCE);
      flow.close().block(PATIENCE);

      assertThat(outcomes).hasSize(1_000).allMatch(Outcome::isWritten);
    }
  }

  /** A cancellation closes the connection, wherever the write is. */
  @ParameterizedTest
  @EnumSource(
      value = Backend.Kind.class,
      names = {"H2_MEMORY", "POSTGRES", "MARIADB", "SQLITE_FILE"})
  void aCancelledBatchIsStoredAsAWholeOrNotAtAll(Backend.Kind kind) {
    Random random = new Random(19);
    int unitsPerBatch = 20;
    try (Backend backend = Orders.open(kind, directory)) {
      for (int batch = 0; batch < 60; batch++) {
        int first = batch * unitsPerBatch;
        List<Row> units =
            LongStream.range(first, first + unitsPerBatch)
                .mapToObj(id -> Unit.of(List.of(order(id), item(id, 1, id), item(id, 2, id))))
                .toList();
        backend
            .writer()
            .write(new Batch(Unit.SCHEMA, units))
            .timeout(Duration.ofNanos((long) (500_000 * Math.pow(2, 9 * random.nextDouble()))))
            .onErrorComplete(failure -> isOfCancellation(backend, failure))
            .block(PATIENCE);
      }
      backend.writer().close().block(PATIENCE);

      List<Long> stored = numbers(backend, "SELECT id FROM unit_orders ORDER BY id");
      assertThat(stored.stream().map(id -> id / unitsPerBatch).distinct())
          .hasSize(stored.size() / unitsPerBatch)
          .isNotEmpty();
      assertThat(numbers(backend, "SELECT order_id FROM unit_items WHERE line = 1 ORDER BY 1"))
          .isEqualTo(stored);
      assertThat(numbers(backend, "SELECT order_id FROM unit_items WHERE line = 2 ORDER BY 1"))
          .isEqualTo(stored);
    }
  }

  /** A pool may hand out a connection that a cancellation has just closed. */
  private static boolean isOfCancellation(Backend backend, Throwable failure) {
    return failure instanceof TimeoutException
        || backend.writer().failureClassifier().classify(failure) == FailureKind.TRANSIENT;
  }
}
