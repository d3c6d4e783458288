package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriteException;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/**
 * The server ends a statement that waits for another session's lock, and its connection is usable
 * again.
 */
@Tag("server")
class WriteTimeoutTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  static Stream<Arguments> servers() {
    Stream<TestServer> mySqls =
        Stream.concat(Stream.of(TestServers.mariaDb()), TestServers.mySql().stream());
    return Stream.concat(
        Stream.of(arguments("postgresql", TestServers.postgres())),
        mySqls.flatMap(
            server -> Stream.of(arguments("mariadb", server), arguments("mysql", server))));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void aWriteThatHangsIsEndedInTheServerAndTheNextDoesNotWait(String driver, TestServer server)
      throws SQLException {
    try (TestDatabase database = TestDatabase.on(server);
        Connection holder = database.connect();
        Statement statement = holder.createStatement()) {
      statement.execute("CREATE TABLE items (id BIGINT PRIMARY KEY, name VARCHAR(20))");
      statement.execute("INSERT INTO items VALUES (1, 'held')");
      holder.setAutoCommit(false);
      statement.execute("UPDATE items SET name = 'holding' WHERE id = 1");
      Schema items =
          Schema.table("items")
              .columns("id", "name")
              .conflictKey("id")
              .onConflict(ConflictStrategy.UPDATE)
              .build();
      BatchWriter writer = R2dbcBatchWriter.create(database.server().r2dbcUrl(driver, null));
      BatchFlow flow =
          BatchFlow.builder(writer)
              .writeTimeout(TIMEOUT)
              .retry(Retry.fixedDelay(1, Duration.ofMillis(10)))
              .build();

      assertThat(
              flow.submitAll(Flux.just(items.row().set("id", 0).set("name", "first")))
                  .blockLast(PATIENCE)
                  .isWritten())
          .isTrue();

      Outcome<Row> held =
          flow.submitAll(Flux.just(items.row().set("id", 1).set("name", "new")))
              .blockLast(PATIENCE);

      // The server ended the statement and reports it, so nothing was applied.
      assertThat(held.error()).isInstanceOf(BatchWriteException.class);
      assertThat(((BatchWriteException) held.error()).attempts()).isEqualTo(2);
      long start = System.nanoTime();
      Outcome<Row> other =
          flow.submitAll(Flux.just(items.row().set("id", 2).set("name", "free")))
              .blockLast(PATIENCE);
      assertThat(other.isWritten()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT);
      holder.rollback();
      assertThat(
              flow.submitAll(Flux.just(items.row().set("id", 1).set("name", "new")))
                  .blockLast(PATIENCE)
                  .isWritten())
          .isTrue();
      flow.close().block(PATIENCE);
    }
  }
}
