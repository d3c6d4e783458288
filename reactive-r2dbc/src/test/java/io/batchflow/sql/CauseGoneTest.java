package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Backends that accept no rows for a while. The flow continues when the cause is gone. */
@Tag("server")
class CauseGoneTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Schema EVENTS =
      Schema.table("events")
          .columns("id", "note")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final Path directory;

  CauseGoneTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Row event(long id) {
    return EVENTS.row().set("id", id).set("note", "n");
  }

  private static BatchFlow flow(BatchWriter writer) {
    return BatchFlow.builder(writer)
        .retry(Retry.backoff(100_000, Duration.ofMillis(5)).maxBackoff(Duration.ofMillis(50)))
        .defaultPolicy(BatchPolicy.builder().maxDelay(Duration.ZERO).build())
        .build();
  }

  /** Waits until writes were retried a few times. */
  private static void awaitRetries(BatchFlow flow) {
    Mono.fromSupplier(() -> flow.stats().retries())
        .filter(retries -> retries > 3)
        .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(5)))
        .block(PATIENCE);
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTableThatWasDroppedAndMadeAnewTakesRowsAgain(Backend.Kind kind) {
    String ddl = "CREATE TABLE events (id BIGINT PRIMARY KEY, note VARCHAR(20))";
    try (Backend backend = kind.open(directory)) {
      backend.run(ddl);
      BatchFlow flow = flow(backend.writer());
      assertThat(end(flow, event(1))).isNull();

      backend.run("DROP TABLE events");
      assertThat(end(flow, event(2))).isInstanceOf(BatchWriteException.class);

      backend.run(ddl);
      assertThat(end(flow, event(3))).isNull();
      assertThat(backend.read("SELECT id FROM events")).containsExactly(List.of(3L));
      flow.close().block(PATIENCE);
    }
  }

  @ParameterizedTest
  @MethodSource("io.batchflow.sql.Backend#kinds")
  void aTableThatIsAlteredInTheMiddleTakesWhatFits(Backend.Kind kind) {
    try (Backend backend = kind.open(directory)) {
      backend.run("CREATE TABLE events (id BIGINT PRIMARY KEY, note VARCHAR(20))");
      BatchFlow flow = flow(backend.writer());
      assertThat(end(flow, event(1))).isNull();

      backend.run("ALTER TABLE events ADD COLUMN more VARCHAR(20) DEFAULT 'd' NOT NULL");
      assertThat(end(flow, event(2))).isNull();

      backend.run("ALTER TABLE events DROP COLUMN note");
      assertThat(end(flow, event(3)))
          .isInstanceOfAny(BatchWriteException.class, RowRejectedException.class);

      backend.run("ALTER TABLE events ADD COLUMN note VARCHAR(40)");
      assertThat(end(flow, event(4))).isNull();
      assertThat(backend.read("SELECT id FROM events WHERE more = 'd' ORDER BY id"))
          .containsExactly(List.of(1L), List.of(2L), List.of(4L));
      flow.close().block(PATIENCE);
    }
  }

  /** Returns why a row was not written; null if it was. */
  private static Throwable end(BatchFlow flow, Row row) {
    return flow.submitAll(Mono.just(row)).map(CauseGoneTest::errorOf).blockFirst(PATIENCE)[0];
  }

  private static Throwable[] errorOf(Outcome<Row> outcome) {
    return new Throwable[] {outcome.error()};
  }

  @Test
  void aFullSqliteFileTakesRowsOnceThereIsRoom() throws SQLException {
    String url = "jdbc:sqlite:" + directory.resolve("full.db");
    try (Connection beside = DriverManager.getConnection(url);
        Statement statement = beside.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, note TEXT)");
      statement.execute("CREATE TABLE ballast (stuff BLOB)");
      statement.execute("INSERT INTO ballast VALUES (zeroblob(400000))");
      BatchFlow flow =
          flow(JdbcBatchWriter.create(Backend.sqliteSource(url + "?max_page_count=110")));
      Mono<List<Outcome<Row>>> load =
          flow.submitAll(
                  Flux.range(0, 2_000)
                      .map(id -> EVENTS.row().set("id", id).set("note", "n".repeat(100))))
              .collectList()
              .cache();
      load.subscribe();
      awaitRetries(flow);
      assertThat(flow.stats().ledger().rejected()).isZero();

      statement.execute("DELETE FROM ballast");
      assertThat(load.block(PATIENCE)).hasSize(2_000).allMatch(Outcome::isWritten);
      flow.close().block(PATIENCE);
    }
  }

  /** A role that may have only one connection or may not write, in its own schema. */
  private static final class Role implements AutoCloseable {

    final String name = "role_" + UUID.randomUUID().toString().replace("-", "");
    final TestServer server = TestServers.postgres();
    final Connection admin;

    Role(String setting) throws SQLException {
      admin = DriverManager.getConnection(server.jdbcUrl("postgresql", null));
      run("CREATE ROLE " + name + " LOGIN PASSWORD 'secret' " + setting);
      run("CREATE SCHEMA " + name + " AUTHORIZATION " + name);
      run("CREATE TABLE " + name + ".events (id BIGINT PRIMARY KEY, note TEXT)");
      run("ALTER TABLE " + name + ".events OWNER TO " + name);
    }

    TestServer asItself() {
      return new TestServer(
          server.scheme(), server.host(), server.port(), name, "secret", server.database());
    }

    void run(String sql) throws SQLException {
      try (Statement statement = admin.createStatement()) {
        statement.execute(sql);
      }
    }

    R2dbcBatchWriter writer() {
      return R2dbcBatchWriter.create(asItself().r2dbcUrl("postgresql", "schema=" + name));
    }

    @Override
    public void close() throws SQLException {
      run("DROP SCHEMA " + name + " CASCADE");
      run("DROP ROLE " + name);
      admin.close();
    }
  }

  @Test
  void aServerWithTooManyConnectionsTakesRowsOnceOneIsFree() throws SQLException {
    try (Role role = new Role("CONNECTION LIMIT 1")) {
      Connection only = DriverManager.getConnection(role.asItself().jdbcUrl("postgresql", null));
      BatchFlow flow = flow(role.writer());
      Mono<Boolean> row = flow.submit(event(1)).hasElement().cache();
      row.subscribe();
      awaitRetries(flow);
      only.close();

      assertThat(row.block(PATIENCE)).isTrue();
      flow.close().block(PATIENCE);
    }
  }

  @Test
  void aReplicaTakesRowsOnceItMayWrite() throws SQLException {
    try (Role role = new Role("")) {
      role.run("ALTER ROLE " + role.name + " SET default_transaction_read_only = on");
      BatchFlow flow = flow(role.writer());
      Mono<Boolean> row = flow.submit(event(1)).hasElement().cache();
      row.subscribe();
      awaitRetries(flow);
      // Only later sessions may write.
      role.run("ALTER ROLE " + role.name + " RESET default_transaction_read_only");

      assertThat(row.block(PATIENCE)).isTrue();
      flow.close().block(PATIENCE);
    }
  }
}
