package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import reactor.core.publisher.Flux;

/** What a role may write that does not own the table. */
@Tag("server")
class RightsTest {

  private static final int ROWS = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String role = "writer_" + UUID.randomUUID().toString().replace("-", "");
  private final TestDatabase database = TestDatabase.on(TestServers.postgres());

  RightsTest() throws SQLException {
    run(
        "CREATE ROLE " + role + " LOGIN PASSWORD 'secret'",
        "CREATE TABLE events (id BIGINT PRIMARY KEY, v TEXT, note TEXT)");
  }

  @AfterEach
  void drop() throws SQLException {
    run("DROP OWNED BY " + role, "DROP ROLE " + role);
    database.close();
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private long count(String where) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM events WHERE " + where)) {
      count.next();
      return count.getLong(1);
    }
  }

  private BatchWriter writer(boolean jdbc) {
    TestServer owner = database.server();
    TestServer server =
        new TestServer(
            owner.scheme(), owner.host(), owner.port(), role, "secret", owner.database());
    if (!jdbc) {
      return R2dbcBatchWriter.create(server.r2dbcUrl("postgresql", null));
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(server.jdbcUrl("postgresql", null));
    return JdbcBatchWriter.create(source, Dialects.postgres());
  }

  private static Schema events(ConflictStrategy strategy) {
    return Schema.table("events")
        .columns("id", "v", "note")
        .conflictKey("id")
        .onConflict(strategy)
        .updateColumns(strategy == ConflictStrategy.UPDATE ? new String[] {"v"} : new String[0])
        .build();
  }

  private static List<Outcome<Row>> submit(BatchWriter writer, Flux<Row> rows) {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .concurrency(1)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(ROWS)
                    .maxDelay(Duration.ofMinutes(1))
                    .lingerWhenIdle(true)
                    .deliveryTimeout(Duration.ofMinutes(10))
                    .build())
            .build();
    List<Outcome<Row>> outcomes = flow.submitAll(rows).collectList().block(PATIENCE);
    flow.close().block(PATIENCE);
    return outcomes == null ? List.of() : outcomes;
  }

  private static Flux<Row> rows(Schema schema, int bad, String column) {
    return Flux.range(0, ROWS)
        .map(
            id -> {
              Row row = schema.row().set("id", (long) id).set("v", "good").tag(id);
              return id == bad ? row.set(column, "bad") : row;
            });
  }

  static Stream<Arguments> strategies() {
    return Stream.of(false, true)
        .flatMap(
            jdbc ->
                Stream.of(ConflictStrategy.FAIL, ConflictStrategy.IGNORE, ConflictStrategy.UPDATE)
                    .map(strategy -> Arguments.of(jdbc, strategy)));
  }

  private static void assertOneIsLost(List<Outcome<Row>> outcomes, int bad) {
    assertThat(outcomes).hasSize(ROWS);
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.isWritten())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.row().tag()).isEqualTo(bad);
              assertThat(outcome.error()).isInstanceOf(RowRejectedException.class);
            });
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void aRowThatRowSecurityRejectsCostsItself(boolean jdbc, ConflictStrategy strategy)
      throws SQLException {
    run(
        "GRANT SELECT, INSERT, UPDATE ON events TO " + role,
        "ALTER TABLE events ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY seen ON events FOR SELECT USING (true)",
        "CREATE POLICY changed ON events FOR UPDATE USING (true)",
        "CREATE POLICY written ON events FOR INSERT WITH CHECK (v <> 'bad')");

    assertOneIsLost(submit(writer(jdbc), rows(events(strategy), 42, "v")), 42);

    assertThat(count("v = 'good'")).isEqualTo(ROWS - 1);
  }

  /** The other rows do not set the column. */
  @ParameterizedTest
  @MethodSource("strategies")
  void aRowThatSetsAColumnWithoutTheRightCostsItself(boolean jdbc, ConflictStrategy strategy)
      throws SQLException {
    run(
        "GRANT INSERT (id, v) ON events TO " + role,
        "GRANT SELECT (id, v), UPDATE (v) ON events TO " + role);

    assertOneIsLost(submit(writer(jdbc), rows(events(strategy), 42, "note")), 42);

    assertThat(count("v = 'good' AND note IS NULL")).isEqualTo(ROWS - 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTableWithoutTheRightFailsAfterAHandfulOfWrites(boolean jdbc) throws SQLException {
    run("GRANT SELECT ON events TO " + role);
    AtomicInteger writes = new AtomicInteger();
    BatchWriter counted =
        writer(jdbc)
            .decorate(
                (batch, write) -> {
                  writes.incrementAndGet();
                  return write;
                });

    assertThat(submit(counted, rows(events(ConflictStrategy.FAIL), -1, "v")))
        .hasSize(ROWS)
        .allMatch(outcome -> outcome.status() == OutcomeStatus.REJECTED);

    assertThat(writes).hasValueLessThanOrEqualTo(20);
    assertThat(count("true")).isZero();
  }
}
