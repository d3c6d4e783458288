package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.health.FlowHealth;
import io.batchflow.health.FlowHealth.Reason;
import io.batchflow.health.FlowHealth.Status;
import io.batchflow.health.HealthPolicy;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.PostgresProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The health of a flow while its server is killed and started again. */
@Tag("server")
class KilledServerHealthTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Schema EVENTS =
      Schema.table("events")
          .columns("id")
          .conflictKey("id")
          .onConflict(ConflictStrategy.IGNORE)
          .build();

  private static FlowHealth await(BatchFlow flow, Status status) {
    FlowHealth health =
        Flux.interval(Duration.ofMillis(10))
            .map(tick -> flow.health())
            .filter(now -> now.status() == status)
            .blockFirst(PATIENCE);
    return Objects.requireNonNull(health);
  }

  private static Mono<WriteResult> submit(BatchFlow flow, int id) {
    return flow.submit(EVENTS.row().set("id", id));
  }

  @Test
  void itIsDownUntilTheServerIsBack(@TempDir Path directory) throws IOException, SQLException {
    try (PostgresProcess server = PostgresProcess.start(directory)) {
      try (Connection connection =
              DriverManager.getConnection(server.server().jdbcUrl("postgresql", null));
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE events (id INT PRIMARY KEY)");
      }
      BatchFlow flow =
          BatchFlow.builder(R2dbcBatchWriter.create(server.server().r2dbcUrl("postgresql", null)))
              .retry(Retry.fixedDelay(10_000, Duration.ofMillis(50)))
              .healthPolicy(HealthPolicy.builder().downAfter(Duration.ofSeconds(3)).build())
              .build();
      submit(flow, 1).block(PATIENCE);
      assertThat(flow.health().status()).isEqualTo(Status.UP);

      server.kill();
      Mono<WriteResult> row = submit(flow, 2).cache();
      row.subscribe();
      assertThat(await(flow, Status.DEGRADED).reasons()).containsExactly(Reason.BACKEND_FAILING);
      assertThat(await(flow, Status.DOWN).failingTables()).containsOnlyKeys("events");

      server.restart();
      row.block(PATIENCE);
      assertThat(flow.health().status()).isEqualTo(Status.UP);
      flow.close().block(PATIENCE);
      assertThat(flow.health().status()).isEqualTo(Status.DOWN);
    }
  }
}
