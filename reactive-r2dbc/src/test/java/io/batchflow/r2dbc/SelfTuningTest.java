package io.batchflow.r2dbc;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Schema;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.batchflow.tuning.SelfTuner;
import io.batchflow.tuning.Tuning;
import io.batchflow.tuning.TuningState;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** A table of PostgreSQL is tuned while rows arrive, from a bad start. */
@Tag("server")
class SelfTuningTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int CONNECTIONS = 3;
  private static final Tuning TUNING =
      Tuning.builder().rows(10, 2_000).period(Duration.ofMillis(100)).build();

  private static long run(Connection beside, String sql) throws SQLException {
    try (Statement statement = beside.createStatement()) {
      if (!statement.execute(sql)) {
        return 0;
      }
      try (ResultSet result = statement.getResultSet()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  /** With and without order by key, which distributes keys anew when the slots change. */
  @ParameterizedTest
  @EnumSource(names = {"FAIL", "UPDATE"})
  void batchesGrowAndNoRowIsLostOrDoubled(ConflictStrategy onConflict) throws SQLException {
    Schema schema =
        Schema.table("events")
            .columns("id", "value")
            .conflictKey("id")
            .onConflict(onConflict)
            .build();
    SelfTuner tuner = SelfTuner.builder().table("events", TUNING).build();
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      run(beside, "CREATE TABLE events (id BIGINT PRIMARY KEY, value TEXT)");
      ConnectionPool pool =
          new ConnectionPool(
              ConnectionPoolConfiguration.builder(
                      ConnectionFactories.get(database.server().r2dbcUrl("postgresql", null)))
                  .maxSize(CONNECTIONS)
                  .build());
      BatchFlow flow =
          BatchFlow.builder(R2dbcBatchWriter.create(pool))
              .concurrency(CONNECTIONS)
              .defaultPolicy(BatchPolicy.builder().maxSize(10).concurrency(1).build())
              .listener(tuner)
              .build();
      tuner.start(flow);
      AtomicBoolean tuned = new AtomicBoolean();

      Long written =
          flow.submitAll(
                  Flux.range(0, 2_000_000)
                      .takeWhile(id -> !tuned.get())
                      .doOnNext(id -> tuned.set(isTuned(tuner, flow)))
                      .map(id -> schema.row().set(0, (long) id).set(1, "v" + id)))
              .filter(Outcome::isWritten)
              .count()
              .block(PATIENCE);
      tuner.dispose();
      flow.close().then(pool.disposeLater()).block(PATIENCE);

      assertThat(tuned).isTrue();
      assertThat(tuner.failure("events")).isNull();
      assertThat(run(beside, "SELECT COUNT(*) FROM events")).isEqualTo(written);
      assertThat(assertBalanced(flow).written()).isEqualTo(written);
    }
  }

  private static boolean isTuned(SelfTuner tuner, BatchFlow flow) {
    TuningState state = tuner.states().get(0);
    return state.isFitted()
        && state.rows() > 100
        && flow.control("events").policy().maxSize() > 100;
  }
}
