package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriteException;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.MariaDbProcess;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;

/**
 * A failure that no retry can mend is not retried until the delivery timeout, with every driver.
 */
@Tag("server")
class RefusedConnectionTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Schema EVENTS = Schema.table("events").columns("id").build();
  private static final String H2 = "mem:" + UUID.randomUUID();

  @SuppressWarnings("NullAway.Init")
  private static PostgresProcess postgres;

  @SuppressWarnings("NullAway.Init")
  private static MariaDbProcess mariaDb;

  @SuppressWarnings("NullAway.Init")
  private static Connection h2;

  /** A way to connect that the server rejects. */
  @FunctionalInterface
  private interface Way {

    BatchWriter writer() throws SQLException;
  }

  @BeforeAll
  static void askForPasswords(@TempDir Path directory) throws Exception {
    postgres = PostgresProcess.start(directory);
    Path rules = directory.resolve("postgres/pg_hba.conf");
    Files.writeString(
        rules,
        "host all stranger all scram-sha-256\nhost all md5 all md5\n"
            + "host all nobody all reject\n"
            + Files.readString(rules));
    run(
        postgres.server().jdbcUrl("postgresql", null),
        "SELECT pg_reload_conf()",
        "CREATE USER stranger PASSWORD 'right'",
        "SET password_encryption = 'md5'; CREATE USER md5 PASSWORD 'right'");
    awaitRefusal(as(postgres.server(), "stranger", "wrong").jdbcUrl("postgresql", null));
    mariaDb = MariaDbProcess.start(directory);
    run(
        mariaDb.server().jdbcUrl("mariadb", null),
        "FLUSH PRIVILEGES", // the server was started without them
        "CREATE USER stranger@localhost IDENTIFIED BY 'right'",
        "CREATE USER stranger@'127.0.0.1' IDENTIFIED BY 'right'",
        "CREATE USER locked@localhost IDENTIFIED BY 'right' ACCOUNT LOCK",
        "CREATE USER locked@'127.0.0.1' IDENTIFIED BY 'right' ACCOUNT LOCK");
    h2 = DriverManager.getConnection("jdbc:h2:" + H2, "sa", "right");
  }

  @AfterAll
  static void stop() throws IOException, SQLException {
    postgres.close();
    mariaDb.close();
    h2.close();
  }

  private static void run(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The server reads its rules again after some time. */
  private static void awaitRefusal(String url) {
    boolean refused = false;
    while (!refused) {
      try (Connection connection = DriverManager.getConnection(url)) {
        refused = connection.isClosed();
      } catch (SQLException refusal) {
        refused = true;
      }
    }
  }

  private static TestServer as(TestServer server, String user, String password) {
    return new TestServer(
        server.scheme(), server.host(), server.port(), user, password, server.database());
  }

  private static BatchWriter r2dbc(String url) {
    return R2dbcBatchWriter.create(ConnectionFactories.get(url));
  }

  /** The caller's pool. */
  private static BatchWriter pooled(String url) {
    return R2dbcBatchWriter.create(
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(ConnectionFactories.get(url))
                .initialSize(0)
                .maxSize(5)
                .maxAcquireTime(Duration.ofSeconds(30))
                .build()));
  }

  private static BatchWriter jdbc(String url, SqlDialect dialect) {
    return JdbcBatchWriter.create(source(() -> DriverManager.getConnection(url)), dialect);
  }

  /** Pools such as HikariCP throw other exceptions than SQLException while they start. */
  private static BatchWriter wrapped(String url, SqlDialect dialect) {
    return JdbcBatchWriter.create(
        source(
            () -> {
              try {
                return DriverManager.getConnection(url);
              } catch (SQLException failure) {
                throw new IllegalStateException("The pool did not start", failure);
              }
            }),
        dialect);
  }

  /** Others wrap it in an SQLException without a code. */
  private static BatchWriter hidden(String url, SqlDialect dialect) {
    return JdbcBatchWriter.create(
        source(
            () -> {
              try {
                return DriverManager.getConnection(url);
              } catch (SQLException failure) {
                throw new SQLException("The pool has no connection", failure);
              }
            }),
        dialect);
  }

  private static Stream<Named<Way>> ways(
      String what, TestServer server, SqlDialect dialect, String... drivers) {
    String jdbc = server.jdbcUrl(drivers[0], null);
    Stream<Named<Way>> reactive =
        Stream.of(drivers)
            .flatMap(
                driver ->
                    Stream.of(
                        Named.of(what + ", " + driver, () -> r2dbc(server.r2dbcUrl(driver, null))),
                        Named.of(
                            what + ", pool of " + driver,
                            () -> pooled(server.r2dbcUrl(driver, null)))));
    Stream<Named<Way>> blocking =
        Stream.of(
            Named.of(what + ", JDBC", () -> jdbc(jdbc, dialect)),
            Named.of(what + ", a JDBC pool that starts", () -> wrapped(jdbc, dialect)),
            Named.of(what + ", a JDBC pool without a code", () -> hidden(jdbc, dialect)));
    return Stream.concat(reactive, blocking);
  }

  static Stream<Named<Way>> refusals() {
    return Stream.of(
            toPostgres("wrong password", "stranger", "wrong"),
            toPostgres("no password", "stranger", ""),
            toPostgres("wrong password by MD5", "md5", "wrong"),
            toPostgres("no such user", "nobody_at_all", "wrong"),
            toPostgres("refused by a rule", "nobody", "wrong"),
            ways(
                "no such database",
                postgres.server().withDatabase("nowhere"),
                Dialects.postgres(),
                "postgresql"),
            toMariaDb("wrong password", "stranger", "wrong"),
            toMariaDb("no password", "stranger", ""),
            toMariaDb("locked", "locked", "right"),
            toMariaDb("no right to the database", "stranger", "right"),
            ways(
                "no such database",
                TestServers.mariaDb().withDatabase("nowhere"),
                Dialects.mysql(),
                "mariadb",
                "mysql"),
            toH2())
        .flatMap(each -> each);
  }

  private static Stream<Named<Way>> toPostgres(String what, String user, String password) {
    return ways(
        "PostgreSQL: " + what,
        as(postgres.server(), user, password),
        Dialects.postgres(),
        "postgresql");
  }

  private static Stream<Named<Way>> toMariaDb(String what, String user, String password) {
    return ways(
        "MariaDB: " + what,
        as(mariaDb.server(), user, password),
        Dialects.mysql(),
        "mariadb",
        "mysql");
  }

  private static Stream<Named<Way>> toH2() {
    String url = "r2dbc:h2:" + H2.replace("mem:", "mem:///");
    String wrong = url.replace("r2dbc:h2:mem://", "r2dbc:h2:mem://sa:wrong@localhost");
    String jdbc = "jdbc:h2:" + H2 + ";USER=sa;PASSWORD=wrong";
    return Stream.of(
        Named.of("H2: wrong password", () -> r2dbc(wrong)),
        Named.of("H2: no password", () -> r2dbc(url)),
        Named.of("H2: wrong password, pool", () -> pooled(wrong)),
        Named.of(
            "H2: no such database", () -> jdbc("jdbc:h2:mem:nowhere;IFEXISTS=TRUE", Dialects.h2())),
        Named.of("H2: wrong password, JDBC", () -> jdbc(jdbc, Dialects.h2())),
        Named.of("H2: wrong password, pool that starts", () -> wrapped(jdbc, Dialects.h2())),
        Named.of(
            "H2: wrong password, its own pool",
            () ->
                JdbcBatchWriter.create(
                    JdbcConnectionPool.create("jdbc:h2:" + H2, "sa", "wrong"), Dialects.h2())));
  }

  /** The flow would retry for an hour. */
  @ParameterizedTest
  @MethodSource("refusals")
  void aConnectionThatTheServerRefusesFailsAtOnce(Way way) throws SQLException {
    BatchWriter writer = way.writer();
    AtomicInteger writes = new AtomicInteger();
    BatchFlow flow =
        BatchFlow.builder(
                writer.decorate(
                    (batch, write) -> {
                      writes.incrementAndGet();
                      return write;
                    }))
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(20)
                    .maxDelay(Duration.ofHours(1))
                    .lingerWhenIdle(true)
                    .deliveryTimeout(Duration.ofHours(2))
                    .build())
            .build();

    List<Outcome<Row>> outcomes =
        flow.submitAll(Flux.range(0, 20).map(id -> EVENTS.row().set("id", id)))
            .collectList()
            .block(PATIENCE);

    assertThat(outcomes)
        .hasSize(20)
        .allSatisfy(
            outcome -> {
              assertThat(outcome.status()).isEqualTo(OutcomeStatus.REJECTED);
              assertThat(outcome.error()).isInstanceOf(BatchWriteException.class);
              assertThat(outcome.error())
                  .cause()
                  .isInstanceOf(SqlWriteException.class)
                  .hasMessageContaining("Correct the address, the user, the password");
              assertThat(writer.failureClassifier().classify(outcome.error().getCause()))
                  .isEqualTo(FailureKind.UNUSABLE);
            });
    assertThat(writes).hasValue(1);
    flow.close().block(PATIENCE);
  }

  /** Opens connections. */
  @FunctionalInterface
  private interface Opening {

    Connection open() throws SQLException;
  }

  /** Returns a DataSource whose connections come from another source. */
  private static DataSource source(Opening connections) {
    return new SQLiteDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        return connections.open();
      }
    };
  }
}
