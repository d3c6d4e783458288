package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.health.FlowHealth;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.TcpProxy;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A cancelled write that the network still holds never overwrites a newer value. */
@Tag("server")
class LateWriteTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** A database behind a port, and a writer that reaches it by another port. */
  private interface Site extends AutoCloseable {

    String host();

    int port();

    Connection connect() throws SQLException;

    BatchWriter writer(int port);

    @Override
    void close() throws SQLException;
  }

  /** A way to a site of its own for each test. */
  private interface Way {
    Site open() throws Exception;
  }

  /** A database of its own in a server that all tests share. */
  private record Shared(TestDatabase database, Function<TestServer, BatchWriter> writers)
      implements Site {

    static Way on(TestServer server, Function<TestServer, BatchWriter> writers) {
      return () -> new Shared(TestDatabase.on(server), writers);
    }

    @Override
    public String host() {
      return database.server().host();
    }

    @Override
    public int port() {
      return database.server().port();
    }

    @Override
    public Connection connect() throws SQLException {
      return database.connect();
    }

    @Override
    public BatchWriter writer(int port) {
      return writers.apply(database.server().withPort(port));
    }

    @Override
    public void close() throws SQLException {
      database.close();
    }
  }

  /** A server of H2. */
  private record H2(Server server, String name) implements Site {

    static H2 open() throws SQLException {
      Server server = Server.createTcpServer("-ifNotExists", "-tcpPort", "0").start();
      return new H2(server, "mem:" + UUID.randomUUID());
    }

    private String url(int port) {
      return "jdbc:h2:tcp://localhost:" + port + "/" + name + ";DB_CLOSE_DELAY=-1";
    }

    @Override
    public String host() {
      return "localhost";
    }

    @Override
    public int port() {
      return server.getPort();
    }

    @Override
    public Connection connect() throws SQLException {
      return DriverManager.getConnection(url(port()));
    }

    @Override
    public BatchWriter writer(int port) {
      JdbcDataSource source = new JdbcDataSource();
      source.setURL(url(port));
      return JdbcBatchWriter.create(source, Dialects.h2());
    }

    @Override
    public void close() {
      server.stop();
    }
  }

  static Stream<Arguments> ways() {
    Stream<Arguments> mySqls =
        Stream.concat(Stream.of(TestServers.mariaDb()), TestServers.mySql().stream())
            .flatMap(
                server ->
                    Stream.of(
                        arguments("mariadb", Shared.on(server, r2dbc("mariadb"))),
                        arguments("mysql", Shared.on(server, r2dbc("mysql")))));
    TestServer postgres = TestServers.postgres();
    return Stream.concat(
        Stream.of(
            arguments("postgresql", Shared.on(postgres, r2dbc("postgresql"))),
            arguments("postgresql by JDBC", Shared.on(postgres, LateWriteTest::postgres)),
            arguments("mariadb by JDBC", Shared.on(TestServers.mariaDb(), LateWriteTest::mariaDb)),
            arguments("h2 by JDBC", (Way) H2::open)),
        mySqls);
  }

  private static Function<TestServer, BatchWriter> r2dbc(String driver) {
    return server -> R2dbcBatchWriter.create(server.r2dbcUrl(driver, null));
  }

  private static BatchWriter postgres(TestServer server) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(server.jdbcUrl("postgresql", null));
    return JdbcBatchWriter.create(source, Dialects.postgres());
  }

  private static BatchWriter mariaDb(TestServer server) {
    try {
      MariaDbDataSource source = new MariaDbDataSource();
      source.setUrl(server.jdbcUrl("mariadb", null));
      return JdbcBatchWriter.create(source, Dialects.mysql());
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  private static BatchFlow flow(BatchWriter writer) {
    return BatchFlow.builder(writer)
        .concurrency(1)
        .writeTimeout(Duration.ofSeconds(1))
        .writeGrace(Duration.ofSeconds(2))
        .retry(Retry.fixedDelay(100, Duration.ofMillis(20)))
        .build();
  }

  private static Schema items(ConflictStrategy strategy) {
    return Schema.table("items").columns("id", "v").conflictKey("id").onConflict(strategy).build();
  }

  private static Outcome<Row> write(BatchFlow flow, Schema items, int value) {
    return flow.submitAll(Flux.just(row(items, value))).blockLast(PATIENCE);
  }

  private static Row row(Schema items, int value) {
    return items.row().set("id", 1).set("v", value);
  }

  private static void createTable(Site site) throws SQLException {
    try (Connection connection = site.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE items (id INT PRIMARY KEY, v INT)");
    }
  }

  private static int stored(Site site) throws SQLException {
    try (Connection connection = site.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT v FROM items")) {
      row.next();
      return row.getInt(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void aWriteThatIsGivenUpAtItsDeadlineNeverLandsOverANewerValue(String name, Way way)
      throws Exception {
    for (ConflictStrategy strategy : List.of(ConflictStrategy.UPDATE, ConflictStrategy.REPLACE)) {
      Schema items = items(strategy);
      try (Site site = way.open();
          TcpProxy proxy = TcpProxy.before(site.host(), site.port())) {
        createTable(site);
        BatchWriter writer = site.writer(proxy.port());
        // The time to connect does not matter.
        writer.write(new Batch(items, List.of(row(items, 0)))).block(PATIENCE);
        BatchFlow flow = flow(writer);
        TcpProxy.Hold held = proxy.holdNext();

        Outcome<Row> old = write(flow, items, 1);
        Outcome<Row> newer = write(flow, items, 2);
        held.release();

        assertThat(old.error()).isNull();
        assertThat(old.result().attempts()).isGreaterThan(1);
        assertThat(newer.isWritten()).isTrue();
        assertThat(stored(site)).isEqualTo(2);
        assertThat(flow.health().reasons()).doesNotContain(FlowHealth.Reason.LATE_WRITE);
        flow.close().block(PATIENCE);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void aWriteWhoseConnectionIsLostNeverLandsOverANewerValue(String name, Way way) throws Exception {
    Schema items = items(ConflictStrategy.UPDATE);
    try (Site site = way.open();
        TcpProxy proxy = TcpProxy.before(site.host(), site.port())) {
      createTable(site);
      BatchWriter writer = site.writer(proxy.port());
      // The time to connect does not matter.
      writer.write(new Batch(items, List.of(row(items, 0)))).block(PATIENCE);
      BatchFlow flow = flow(writer);
      TcpProxy.Hold held = proxy.holdNext();
      Mono<Outcome<Row>> old = flow.submitAll(Flux.just(row(items, 1))).last().cache();
      old.subscribe();
      held.awaitCaught();
      held.loseClient();

      assertThat(old.block(PATIENCE).error()).isNull();
      assertThat(write(flow, items, 2).isWritten()).isTrue();
      held.release();

      assertThat(stored(site)).isEqualTo(2);
      flow.close().block(PATIENCE);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void whereNoSessionCanBeEndedTheRowIsUnknownAndHealthSaysSo(String name, Way way)
      throws Exception {
    Schema items = items(ConflictStrategy.UPDATE);
    try (Site site = way.open();
        TcpProxy proxy = TcpProxy.before(site.host(), site.port())) {
      createTable(site);
      BatchWriter writer = site.writer(proxy.port());
      // The time to connect does not matter.
      writer.write(new Batch(items, List.of(row(items, 0)))).block(PATIENCE);
      BatchFlow flow =
          BatchFlow.builder(writer)
              .concurrency(1)
              .writeTimeout(Duration.ofSeconds(1))
              .writeGrace(Duration.ofSeconds(1))
              .retry(Retry.fixedDelay(1, Duration.ofMillis(20)))
              .build();
      TcpProxy.Hold held = proxy.holdNext();
      Mono<Outcome<Row>> old = flow.submitAll(Flux.just(row(items, 1))).last().cache();
      old.subscribe();
      held.awaitCaught();
      proxy.refuse(true);

      assertThat(old.block(PATIENCE).status()).isEqualTo(OutcomeStatus.UNKNOWN);
      assertThat(flow.health().reasons()).contains(FlowHealth.Reason.LATE_WRITE);
      proxy.heal();
      held.release();
      flow.close().block(PATIENCE);
    }
  }
}
