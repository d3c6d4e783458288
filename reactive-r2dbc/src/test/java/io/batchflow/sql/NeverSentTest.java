package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.TcpProxy;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A batch that never had a connection was not sent, whatever deadline passes. */
@Tag("server")
class NeverSentTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Schema ITEMS = Schema.table("items").columns("id").build();

  static Stream<Arguments> servers() {
    Stream<TestServer> mySqls =
        Stream.concat(Stream.of(TestServers.mariaDb()), TestServers.mySql().stream());
    return Stream.concat(
        Stream.of(arguments("postgresql", TestServers.postgres())),
        mySqls.flatMap(
            server -> Stream.of(arguments("mariadb", server), arguments("mysql", server))));
  }

  private static BatchFlow flow(BatchWriter writer) {
    return BatchFlow.builder(writer)
        .concurrency(1)
        .writeTimeout(Duration.ofMillis(300))
        .writeGrace(Duration.ofMillis(100))
        .retry(Retry.fixedDelay(1, Duration.ofMillis(10)))
        .build();
  }

  private static Row item(long id) {
    return ITEMS.row().set("id", id);
  }

  private static OutcomeStatus submit(BatchFlow flow, long id) {
    return flow.submitAll(Flux.just(item(id))).blockLast(PATIENCE).status();
  }

  private static void createTable(TestDatabase database) throws SQLException {
    try (java.sql.Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE items (id BIGINT)");
    }
  }

  private static ConnectionPool poolOfOne(String url) {
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(ConnectionFactories.get(url)).maxSize(1).build());
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aBatchThatWaitsForAConnectionOfThePoolWasNotSent(String driver, TestServer server)
      throws SQLException {
    try (TestDatabase database = TestDatabase.on(server)) {
      createTable(database);
      ConnectionPool pool = poolOfOne(database.server().r2dbcUrl(driver, null));
      Connection held = pool.create().block(PATIENCE);
      BatchFlow flow = flow(R2dbcBatchWriter.create(pool));

      assertThat(submit(flow, 1)).isEqualTo(OutcomeStatus.NOT_SENT);
      // None of our writes waits any more and takes a connection that it does not need.
      assertThat(pool.getMetrics().orElseThrow().pendingAcquireSize()).isZero();
      Mono.from(held.close()).block(PATIENCE);
      assertThat(submit(flow, 2)).isEqualTo(OutcomeStatus.WRITTEN);
      flow.close().block(PATIENCE);
      pool.disposeLater().block(PATIENCE);
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aBatchThatWaitsForAConnectionAtTheDeadlineOfCloseWasNotSent(String driver, TestServer server)
      throws SQLException {
    try (TestDatabase database = TestDatabase.on(server)) {
      createTable(database);
      ConnectionPool pool = poolOfOne(database.server().r2dbcUrl(driver, null));
      Connection held = pool.create().block(PATIENCE);
      BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(pool)).concurrency(1).build();
      Mono<List<Outcome<Row>>> ends = flow.submitAll(Flux.just(item(1))).collectList().cache();
      ends.subscribe();

      flow.close(Duration.ofMillis(300)).block(PATIENCE);

      assertThat(ends.block(PATIENCE))
          .extracting(Outcome::status)
          .containsExactly(OutcomeStatus.NOT_SENT);
      Mono.from(held.close()).block(PATIENCE);
      pool.disposeLater().block(PATIENCE);
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aBatchWhoseConnectionIsBeingOpenedWasNotSent(String driver, TestServer server)
      throws Exception {
    try (TestDatabase database = TestDatabase.on(server);
        TcpProxy proxy = TcpProxy.before(server.host(), server.port())) {
      createTable(database);
      BatchFlow flow =
          flow(
              R2dbcBatchWriter.create(
                  database.server().withPort(proxy.port()).r2dbcUrl(driver, null)));
      proxy.stall(true);

      assertThat(submit(flow, 1)).isEqualTo(OutcomeStatus.NOT_SENT);
      proxy.heal();
      flow.close().block(PATIENCE);
    }
  }

  @Test
  void aBatchWhoseConnectionIsBeingOpenedByJdbcWasNotSent() throws Exception {
    TestServer server = TestServers.postgres();
    try (TestDatabase database = TestDatabase.on(server);
        TcpProxy proxy = TcpProxy.before(server.host(), server.port())) {
      createTable(database);
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(database.server().withPort(proxy.port()).jdbcUrl("postgresql", null));
      BatchFlow flow = flow(JdbcBatchWriter.create(source, Dialects.postgres()));
      proxy.stall(true);

      assertThat(submit(flow, 1)).isEqualTo(OutcomeStatus.NOT_SENT);
      proxy.heal();
      flow.close().block(PATIENCE);
    }
  }
}
