package io.batchflow.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.dialect.Dialects;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Result;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.sqlite.SQLiteDataSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A transaction belongs to the code that began it. The writer neither writes into it nor ends it.
 */
@Tag("server")
class OpenTransactionTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private final Path directory;

  OpenTransactionTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** Databases with their R2DBC drivers, and with JDBC. */
  enum Database {
    POSTGRES("postgresql"),
    MARIADB("mariadb"),
    MARIADB_BY_MYSQL("mysql"),
    H2("h2"),
    SQLITE("sqlite");

    private final String driver;

    Database(String driver) {
      this.driver = driver;
    }

    /** Returns a new database with an empty table; null if no server is needed. */
    private @Nullable TestDatabase onServer() throws SQLException {
      return switch (this) {
        case POSTGRES -> TestDatabase.on(TestServers.postgres());
        case MARIADB, MARIADB_BY_MYSQL -> TestDatabase.on(TestServers.mariaDb());
        case H2, SQLITE -> null;
      };
    }
  }

  /** A database, a plain connection to it, and a way to open others. */
  private static final class Site implements AutoCloseable {

    private final @Nullable TestDatabase server;
    private final String r2dbc;
    private final String jdbc;
    private final java.sql.Connection beside;

    Site(Database database, Path directory) throws SQLException {
      this.server = database.onServer();
      String name = "mem:" + UUID.randomUUID();
      if (server == null) {
        this.r2dbc = "r2dbc:h2:" + name.replace("mem:", "mem:///");
        this.jdbc =
            database == Database.H2
                ? "jdbc:h2:" + name
                : "jdbc:sqlite:" + directory.resolve(UUID.randomUUID() + ".db");
      } else {
        TestServer to = server.server();
        this.r2dbc = to.r2dbcUrl(database.driver, null);
        this.jdbc = to.jdbcUrl(database == Database.POSTGRES ? "postgresql" : "mariadb", null);
      }
      this.beside = DriverManager.getConnection(jdbc);
      try (Statement statement = beside.createStatement()) {
        statement.execute("CREATE TABLE events (id INTEGER PRIMARY KEY)");
      }
    }

    long count() throws SQLException {
      try (Statement statement = beside.createStatement();
          ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM events")) {
        count.next();
        return count.getLong(1);
      }
    }

    @Override
    public void close() throws SQLException {
      beside.close();
      if (server != null) {
        server.close();
      }
    }
  }

  private static Batch batch(int from) {
    return new Batch(
        EVENTS, Stream.of(from, from + 1, from + 2).map(id -> EVENTS.row().set("id", id)).toList());
  }

  private static void assertRejected(BatchWriter writer) {
    Throwable failure =
        writer
            .write(batch(1))
            .then(Mono.<Throwable>empty())
            .onErrorResume(Mono::just)
            .block(PATIENCE);
    assertThat(failure)
        .isInstanceOf(SqlWriteException.class)
        .hasMessageContaining("the connection from the pool or factory is within a transaction");
    assertThat(writer.failureClassifier().classify(failure)).isEqualTo(FailureKind.UNUSABLE);
  }

  // ---- R2DBC

  /** The states in which a caller may leave a connection. */
  enum Left {
    BEGUN,
    BEGUN_AND_USED,
    WITHOUT_AUTO_COMMIT,
    WITHOUT_AUTO_COMMIT_AND_USED;

    private Mono<Void> on(Connection connection) {
      boolean begun = this == BEGUN || this == BEGUN_AND_USED;
      Publisher<Void> left =
          begun ? connection.beginTransaction() : connection.setAutoCommit(false);
      boolean used = this == BEGUN_AND_USED || this == WITHOUT_AUTO_COMMIT_AND_USED;
      return Mono.from(left).then(used ? insert(connection) : Mono.empty());
    }

    private static Mono<Void> insert(Connection connection) {
      return Flux.from(connection.createStatement("INSERT INTO events VALUES (77)").execute())
          .concatMap(Result::getRowsUpdated)
          .then();
    }
  }

  static Stream<Arguments> leftConnections() {
    return Stream.of(Database.POSTGRES, Database.MARIADB, Database.MARIADB_BY_MYSQL, Database.H2)
        .flatMap(
            database ->
                Stream.of(Left.values())
                    .flatMap(
                        left ->
                            Stream.of(false, true)
                                .map(pooled -> Arguments.of(database, left, pooled))));
  }

  /** Returns only one connection. */
  private static ConnectionFactory handing(Connection connection) {
    return new ConnectionFactory() {
      @Override
      public Publisher<? extends Connection> create() {
        return Mono.just(connection);
      }

      @Override
      public ConnectionFactoryMetadata getMetadata() {
        return () -> connection.getMetadata().getDatabaseProductName();
      }
    };
  }

  @ParameterizedTest
  @MethodSource("leftConnections")
  void aConnectionWithinATransactionIsRejectedBeforeARowIsWritten(
      Database database, Left left, boolean pooled) throws SQLException {
    try (Site site = new Site(database, directory)) {
      ConnectionFactory factory = ConnectionFactories.get(site.r2dbc);
      Connection callers = Mono.from(factory.create()).block(PATIENCE);
      assertThat(callers).isNotNull();
      left.on(callers).block(PATIENCE);
      ConnectionFactory source = handing(callers);
      ConnectionPool pool =
          new ConnectionPool(
              ConnectionPoolConfiguration.builder(source).initialSize(0).maxSize(1).build());
      SqlDialect dialect = Dialects.of(factory.getMetadata().getName());
      BatchWriter writer = R2dbcBatchWriter.create(pooled ? pool : source, dialect);

      assertRejected(writer);

      Mono.from(callers.rollbackTransaction()).onErrorComplete().block(PATIENCE);
      Mono.from(callers.setAutoCommit(true)).block(PATIENCE);
      assertThat(site.count()).isZero();
      writer.write(batch(1)).block(PATIENCE);
      assertThat(site.count()).isEqualTo(3);
      writer.close().block(PATIENCE);
      pool.disposeLater().block(PATIENCE);
    }
  }

  // ---- JDBC

  private static BatchWriter over(Database database, java.sql.Connection connection) {
    SQLiteDataSource source =
        new SQLiteDataSource() {
          @Override
          public java.sql.Connection getConnection() {
            return connection;
          }
        };
    return JdbcBatchWriter.create(
        source,
        switch (database) {
          case POSTGRES -> Dialects.postgres();
          case MARIADB, MARIADB_BY_MYSQL -> Dialects.mysql();
          case H2 -> Dialects.h2();
          case SQLITE -> Dialects.sqlite();
        });
  }

  static Stream<Arguments> begun() {
    String insert = "INSERT INTO events VALUES (77)";
    return Stream.of(
        Arguments.of(Database.POSTGRES, false, List.of(insert)),
        Arguments.of(Database.POSTGRES, false, List.of("SELECT * FROM events")),
        Arguments.of(Database.POSTGRES, true, List.of("BEGIN")),
        Arguments.of(Database.POSTGRES, true, List.of("BEGIN", insert)),
        Arguments.of(Database.MARIADB, false, List.of(insert)),
        Arguments.of(Database.MARIADB, true, List.of("START TRANSACTION")),
        Arguments.of(Database.MARIADB, true, List.of("START TRANSACTION", insert)),
        Arguments.of(Database.H2, false, List.of(insert)),
        Arguments.of(Database.SQLITE, false, List.of()),
        Arguments.of(Database.SQLITE, false, List.of(insert)),
        Arguments.of(Database.SQLITE, true, List.of("BEGIN")),
        Arguments.of(Database.SQLITE, true, List.of("BEGIN IMMEDIATE", insert)));
  }

  @ParameterizedTest
  @MethodSource("begun")
  void aJdbcConnectionWithinATransactionIsRejectedBeforeARowIsWritten(
      Database database, boolean autoCommit, List<String> statements) throws SQLException {
    try (Site site = new Site(database, directory)) {
      // Closed by the writer, which ends the transaction as its owner would.
      java.sql.Connection callers = DriverManager.getConnection(site.jdbc);
      callers.setAutoCommit(autoCommit);
      try (Statement statement = callers.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
      BatchWriter writer = over(database, callers);

      assertRejected(writer);

      writer.close().block(PATIENCE);
      callers.close();
      assertThat(site.count()).isZero();
    }
  }

  /** Like connections of pools for an object-relational mapper. */
  @ParameterizedTest
  @EnumSource(
      value = Database.class,
      names = {"POSTGRES", "MARIADB", "H2"})
  void aDataSourceWithoutAutoCommitIsServed(Database database) throws SQLException {
    try (Site site = new Site(database, directory)) {
      java.sql.Connection fresh = DriverManager.getConnection(site.jdbc);
      fresh.setAutoCommit(false);
      BatchWriter writer = over(database, fresh);

      writer.write(batch(1)).block(PATIENCE);
      writer.write(batch(4)).block(PATIENCE);

      assertThat(site.count()).isEqualTo(6);
      writer.close().block(PATIENCE);
    }
  }
}
