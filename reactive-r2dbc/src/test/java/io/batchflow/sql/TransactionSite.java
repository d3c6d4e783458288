package io.batchflow.sql;

import io.batchflow.BatchFlowException;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database with orders and their items, a writer to it, and a plain connection beside them. */
final class TransactionSite implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofMinutes(1);
  static final Schema ORDERS = Schema.table("orders").columns("id", "name").build();
  static final Schema ITEMS = Schema.table("items").columns("id", "order_id").build();
  static final Schema NAMES =
      Schema.table("orders")
          .columns("id", "name")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  /** Databases by their R2DBC drivers. */
  enum Database {
    POSTGRES("postgresql"),
    MARIADB("mariadb"),
    MARIADB_BY_MYSQL("mysql"),
    H2("h2");

    private final String driver;

    Database(String driver) {
      this.driver = driver;
    }

    boolean isMySql() {
      return this == MARIADB || this == MARIADB_BY_MYSQL;
    }
  }

  final @Nullable TestDatabase server;
  final ConnectionFactory factory;
  final R2dbcBatchWriter writer;
  final java.sql.Connection beside;

  TransactionSite(Database database) throws SQLException {
    String name = "mem:" + UUID.randomUUID();
    this.server =
        switch (database) {
          case POSTGRES -> TestDatabase.on(TestServers.postgres());
          case MARIADB, MARIADB_BY_MYSQL -> TestDatabase.on(TestServers.mariaDb());
          case H2 -> null;
        };
    TestServer to = server == null ? null : server.server();
    this.beside =
        DriverManager.getConnection(
            to == null
                ? "jdbc:h2:" + name
                : to.jdbcUrl(database == Database.POSTGRES ? "postgresql" : "mariadb", null));
    this.factory =
        ConnectionFactories.get(
            to == null
                ? "r2dbc:h2:" + name.replace("mem:", "mem:///")
                : to.r2dbcUrl(database.driver, null));
    this.writer = R2dbcBatchWriter.create(factory);
    run(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, name VARCHAR(20) UNIQUE)",
        "CREATE TABLE items (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL,"
            + " FOREIGN KEY (order_id) REFERENCES orders (id))");
  }

  void run(String... statements) throws SQLException {
    try (Statement statement = beside.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  List<String> read(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = beside.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  long count(String table) throws SQLException {
    return Long.parseLong(read("SELECT COUNT(*) FROM " + table).get(0));
  }

  Connection open() {
    return Objects.requireNonNull(Mono.from(factory.create()).block(PATIENCE));
  }

  /** Runs work in a transaction of its own, and commits it. */
  <T> List<T> committed(Function<Connection, Flux<T>> work) {
    return inTransaction(
        connection ->
            work.apply(connection)
                .collectList()
                .flatMap(done -> commit(connection).thenReturn(done)));
  }

  /** Runs work that must fail in a transaction of its own, and rolls it back. */
  BatchFlowException failed(Function<Connection, Flux<Outcome<Row>>> work) {
    return inTransaction(
        connection ->
            work.apply(connection)
                .then(Mono.<Throwable>error(() -> new AssertionError("It was to fail")))
                .onErrorResume(BatchFlowException.class, Mono::just)
                .cast(BatchFlowException.class)
                .flatMap(failure -> rollback(connection).thenReturn(failure)));
  }

  <T> T inTransaction(Function<Connection, Mono<T>> work) {
    return Objects.requireNonNull(
        Mono.usingWhen(
                factory.create(),
                connection -> Mono.from(connection.beginTransaction()).then(work.apply(connection)),
                Connection::close)
            .block(PATIENCE));
  }

  @Override
  public void close() throws SQLException {
    writer.close().block(PATIENCE);
    beside.close();
    if (server != null) {
      server.close();
    }
  }

  static Row order(int id) {
    return order(id, "order " + id);
  }

  static Row order(int id, String name) {
    return ORDERS.row().set("id", id).set("name", name);
  }

  static Row name(int id, String name) {
    return NAMES.row().set("id", id).set("name", name);
  }

  static Row item(int id, int order) {
    return ITEMS.row().set("id", id).set("order_id", order);
  }

  static Flux<Row> orders(int count) {
    return Flux.range(0, count).map(TransactionSite::order);
  }

  static Mono<Void> execute(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }

  /** The driver of MariaDB looks at the call whether there is a transaction to end. */
  static Mono<Void> commit(Connection connection) {
    return Mono.defer(() -> Mono.from(connection.commitTransaction()));
  }

  static Mono<Void> rollback(Connection connection) {
    return Mono.defer(() -> Mono.from(connection.rollbackTransaction()));
  }
}
