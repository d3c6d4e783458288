package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.ConnectionFactories;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Another session holds a lock that the writer needs. */
class LockTest {

  private static final Duration A_WHILE = Duration.ofMillis(300);
  private static final Schema EVENTS = Schema.table("events").columns("id").build();
  private static final String DDL = "CREATE TABLE events (id INTEGER PRIMARY KEY)";

  private final DataSource sqlite;

  LockTest(@TempDir Path directory) {
    this.sqlite = Backend.sqliteSource("jdbc:sqlite:" + directory.resolve("events.db"));
  }

  private static Batch event(int id) {
    return new Batch(EVENTS, List.of(EVENTS.row().set("id", id)));
  }

  @Test
  void sqliteWaitsForTheLockOfAnotherWriterAndThenWrites() throws SQLException {
    BatchWriter writer = JdbcBatchWriter.create(sqlite);
    try (Connection other = sqlite.getConnection();
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute(DDL);
      statement.execute("BEGIN IMMEDIATE");

      CompletableFuture<BatchResult> write = writer.write(event(1)).toFuture();
      StepVerifier.create(Mono.fromFuture(write, true))
          .expectSubscription()
          .expectNoEvent(A_WHILE)
          .thenCancel()
          .verify();
      statement.execute("COMMIT");

      StepVerifier.create(Mono.fromFuture(write)).expectNextCount(1).verifyComplete();
    }
    writer.close().block();
  }

  @Test
  void sqliteCallsALockThatIsNotGivenBackInTimeTransient() throws SQLException {
    BatchWriter writer = JdbcBatchWriter.create(sqlite, Dialects.sqlite(Duration.ofMillis(50)));
    try (Connection other = sqlite.getConnection();
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute(DDL);
      statement.execute("BEGIN IMMEDIATE");

      StepVerifier.create(writer.write(event(1)))
          .verifyErrorSatisfies(
              failure ->
                  assertThat(writer.failureClassifier().classify(failure))
                      .isEqualTo(FailureKind.TRANSIENT));
      statement.execute("COMMIT");

      StepVerifier.create(writer.write(event(1))).expectNextCount(1).verifyComplete();
    }
    writer.close().block();
  }

  @Test
  void h2CallsALockThatIsNotGivenBackInTimeContention() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    String name = UUID.randomUUID() + ";LOCK_TIMEOUT=50";
    h2.setUrl("jdbc:h2:mem:" + name);
    try (Connection other = h2.getConnection();
        Statement statement = other.createStatement()) {
      statement.execute(DDL);
      other.setAutoCommit(false);
      statement.execute("INSERT INTO events VALUES (1)");
      BatchWriter writer =
          R2dbcBatchWriter.create(ConnectionFactories.get("r2dbc:h2:mem:///" + name));

      StepVerifier.create(writer.write(event(1)))
          .verifyErrorSatisfies(
              failure ->
                  assertThat(writer.failureClassifier().classify(failure))
                      .isEqualTo(FailureKind.CONTENTION));
      other.rollback();

      StepVerifier.create(writer.write(event(1))).expectNextCount(1).verifyComplete();
      writer.close().block();
    }
  }

  @Test
  void writersThatRaceForTheSameKeysOfH2AllSucceed() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    String name = UUID.randomUUID() + ";LOCK_TIMEOUT=10000";
    h2.setUrl("jdbc:h2:mem:" + name);
    try (Connection beside = h2.getConnection();
        Statement statement = beside.createStatement()) {
      statement.execute("CREATE TABLE races (id INTEGER PRIMARY KEY, v INTEGER)");
      BatchWriter writer =
          R2dbcBatchWriter.create(ConnectionFactories.get("r2dbc:h2:mem:///" + name));
      Flux<Batch> rivals =
          Flux.range(0, 400)
              .map(
                  round ->
                      races(
                          round % 2 == 0 ? ConflictStrategy.UPDATE : ConflictStrategy.IGNORE,
                          round / 4));

      StepVerifier.create(rivals.flatMap(writer::write, 4)).expectNextCount(400).verifyComplete();
      writer.close().block();
    }
  }

  /** Two adjacent keys: few enough that a write can lose only one race. */
  private static Batch races(ConflictStrategy strategy, int round) {
    Schema schema =
        Schema.table("races").columns("id", "v").conflictKey("id").onConflict(strategy).build();
    List<Row> rows =
        IntStream.range(round, round + 2)
            .mapToObj(id -> schema.row().set("id", id).set("v", round))
            .toList();
    return new Batch(schema, rows);
  }
}
