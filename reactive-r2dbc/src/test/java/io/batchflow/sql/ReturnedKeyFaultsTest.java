package io.batchflow.sql;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.TcpProxy;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Every returned key belongs to its row, although connections are cut again and again. */
@Tag("server")
class ReturnedKeyFaultsTest {

  /** The most rows; {@code -Dbatchflow.test.keys=100000} is the full test. */
  private static final int ROWS = Integer.getInteger("batchflow.test.keys", 10_000);

  private static final int CUTS = 25;

  static Stream<Arguments> ways() {
    List<ConflictStrategy> all = List.of(ConflictStrategy.values());
    List<ConflictStrategy> returned =
        all.stream().filter(how -> how != ConflictStrategy.IGNORE).toList();
    TestServer postgres = TestServers.postgres();
    return Stream.of(
            ways("postgresql", all, postgres, r2dbc("postgresql")),
            ways("postgresql by JDBC", all, postgres, ReturnedKeyFaultsTest::postgresByJdbc),
            ways("mariadb", returned, TestServers.mariaDb(), r2dbc("mariadb")),
            ways("mariadb as mysql", returned, TestServers.mariaDb(), r2dbc("mysql")))
        .flatMap(each -> each);
  }

  private static Stream<Arguments> ways(
      String name,
      List<ConflictStrategy> strategies,
      TestServer server,
      Function<TestServer, BatchWriter> writers) {
    return strategies.stream().map(how -> Arguments.of(name, how, server, writers));
  }

  private static Function<TestServer, BatchWriter> r2dbc(String driver) {
    return server -> R2dbcBatchWriter.create(server.r2dbcUrl(driver, null));
  }

  private static BatchWriter postgresByJdbc(TestServer server) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(server.jdbcUrl("postgresql", null));
    return JdbcBatchWriter.create(source, Dialects.postgres());
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("ways")
  void everyReturnedKeyBelongsToItsRow(
      String name,
      ConflictStrategy how,
      TestServer server,
      Function<TestServer, BatchWriter> writers)
      throws Exception {
    Schema things =
        Schema.table("things").columns("k", "word").conflictKey("k").onConflict(how).build();
    List<Integer> keys = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
    Collections.shuffle(keys, new Random(17));
    try (TestDatabase database = TestDatabase.on(server);
        TcpProxy proxy = TcpProxy.before(server.host(), server.port())) {
      createTable(database, name);
      BatchFlow flow = flow(writers.apply(database.server().withPort(proxy.port())));

      List<Outcome<Row>> outcomes =
          flow.submitAll(
                  Flux.fromIterable(keys).map(k -> things.row().set("k", k).set("word", "w" + k)))
              .publishOn(Schedulers.boundedElastic())
              .index()
              .doOnNext(
                  each -> {
                    if (each.getT1() % (ROWS / CUTS) == 0) {
                      proxy.cut();
                    }
                  })
              .map(each -> each.getT2())
              .collectList()
              .blockOptional(Duration.ofMinutes(5))
              .orElseThrow();

      assertBalanced(flow);
      flow.close().block(Duration.ofMinutes(1));
      check(how, outcomes, stored(database));
    }
  }

  private static void check(
      ConflictStrategy how, List<Outcome<Row>> outcomes, Map<Integer, Long> stored) {
    assertThat(outcomes).hasSize(ROWS);
    int retried = 0;
    int told = 0;
    for (Outcome<Row> outcome : outcomes) {
      int k = (int) Objects.requireNonNull(outcome.row().value("k"));
      WriteResult result = outcome.result();
      if (result == null) {
        assertThat(how).as("%s", outcome.error()).isEqualTo(ConflictStrategy.FAIL);
        assertThat(outcome.status()).isEqualTo(OutcomeStatus.UNKNOWN);
        continue;
      }
      retried += result.attempts() > 1 ? 1 : 0;
      if (how != ConflictStrategy.IGNORE || isKnown(result)) {
        Number id = (Number) result.value("id");
        assertThat(id).as("id of %s", k).isNotNull();
        assertThat(id.longValue()).isEqualTo(stored.get(k));
        told++;
      }
    }
    assertThat(told).isGreaterThan(ROWS / 4);
    if (how != ConflictStrategy.FAIL) {
      assertThat(stored).hasSize(ROWS);
      assertThat(retried).isPositive();
    }
  }

  /** A row whose first result was lost may be stored already, and is ignored then. */
  private static boolean isKnown(WriteResult result) {
    assertThat(result.isKnown("id") || result.attempts() > 1).isTrue();
    return result.isKnown("id");
  }

  private static BatchFlow flow(BatchWriter writer) {
    return BatchFlow.builder(writer)
        .defaultPolicy(
            BatchPolicy.builder()
                .maxSize(200)
                .maxDelay(Duration.ofMillis(2))
                .returning("id")
                .build())
        .maxPending(2_000)
        .concurrency(2)
        .retry(Retry.fixedDelay(1_000, Duration.ofMillis(5)))
        .retryBudget(1_000_000, Duration.ofSeconds(1))
        .build();
  }

  private static void createTable(TestDatabase database, String name) throws SQLException {
    String id =
        name.startsWith("mariadb")
            ? "BIGINT AUTO_INCREMENT"
            : "BIGINT GENERATED ALWAYS AS IDENTITY";
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE things (id "
              + id
              + " PRIMARY KEY, k INTEGER NOT NULL UNIQUE, word VARCHAR(20))");
    }
  }

  private static Map<Integer, Long> stored(TestDatabase database) throws SQLException {
    Map<Integer, Long> ids = new HashMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT k, id FROM things")) {
      while (rows.next()) {
        ids.put(rows.getInt(1), rows.getLong(2));
      }
    }
    return ids;
  }
}
