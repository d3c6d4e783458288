package io.batchflow.r2dbc.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.routing.RoutingWriter;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Two servers with different data, of which the primary is killed and started again. */
@Tag("server")
class KilledPrimaryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int ROWS = 20_000;
  private static final int KILLED_AFTER = 5_000;

  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private static void createTable(TestServer server) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgresql", null));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE events (id INT NOT NULL)"); // a repeat would be seen
    }
  }

  private static List<Integer> stored(TestServer server) throws SQLException {
    List<Integer> ids = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl("postgresql", null));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM events")) {
      while (rows.next()) {
        ids.add(rows.getInt(1));
      }
    }
    return ids;
  }

  private static R2dbcBatchWriter writerTo(PostgresProcess server) {
    return R2dbcBatchWriter.create(server.server().r2dbcUrl("postgresql", "connectTimeout=PT2S"));
  }

  private static void kill(PostgresProcess server) {
    try {
      server.kill();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void eachWrittenRowIsStoredOnceByOneOfThem(@TempDir Path one, @TempDir Path other)
      throws IOException, SQLException {
    try (PostgresProcess primary = PostgresProcess.start(one);
        PostgresProcess standby = PostgresProcess.start(other)) {
      createTable(primary.server());
      createTable(standby.server());
      RoutingWriter writer =
          RoutingWriter.primaryStandby()
              .writer("primary", writerTo(primary))
              .writer("standby", writerTo(standby))
              .downTime(Duration.ofMillis(500))
              .build();
      BatchFlow flow =
          BatchFlow.builder(writer)
              .retry(Retry.fixedDelay(1_000, Duration.ofMillis(50)))
              .defaultPolicy(BatchPolicy.builder().maxSize(200).build())
              .maxPending(2_000)
              .build();

      Map<OutcomeStatus, Set<Integer>> ended = new EnumMap<>(OutcomeStatus.class);
      flow.submitAll(
              Flux.range(0, ROWS)
                  .publishOn(Schedulers.boundedElastic()) // the kill blocks
                  .doOnNext(
                      id -> {
                        if (id == KILLED_AFTER) {
                          kill(primary);
                        }
                      })
                  .map(id -> EVENTS.row().set("id", id)))
          .doOnNext(outcome -> ended(ended, outcome))
          .blockLast(PATIENCE);
      assertThat(ended.keySet()).isSubsetOf(OutcomeStatus.WRITTEN, OutcomeStatus.UNKNOWN);
      assertThat(writer.writers().get(0).up()).isFalse();

      primary.restart();
      Flux.interval(Duration.ofMillis(100))
          .concatMap(tick -> flow.submit(EVENTS.row().set("id", ROWS + tick.intValue())))
          .takeUntil(written -> writer.writers().get(0).up())
          .blockLast(PATIENCE);
      flow.close().block(PATIENCE);
      LedgerAssertions.assertBalanced(flow);

      List<Integer> all = stored(primary.server());
      assertThat(all).contains(0).doesNotContain(ROWS - 1);
      all.addAll(stored(standby.server()));
      assertThat(all).doesNotHaveDuplicates();
      assertThat(new HashSet<>(all)).containsAll(ended.get(OutcomeStatus.WRITTEN));
    }
  }

  private static void ended(Map<OutcomeStatus, Set<Integer>> ended, Outcome<Row> outcome) {
    ended
        .computeIfAbsent(outcome.status(), status -> new HashSet<>())
        .add((Integer) Objects.requireNonNull(outcome.value().value("id")));
  }
}
