package io.batchflow.backup;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database of its own. */
final class BackupScene implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  enum Kind {
    H2,
    POSTGRES,
    MARIADB,
    MARIADB_BY_MYSQL
  }

  private final @Nullable TestDatabase database;
  private final ConnectionFactory factory;

  BackupScene(Kind kind) throws SQLException {
    switch (kind) {
      case H2 -> {
        this.database = null;
        this.factory =
            ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
      }
      case POSTGRES -> {
        this.database = TestDatabase.on(TestServers.postgres());
        this.factory = over("postgresql", database.server());
      }
      default -> {
        this.database = TestDatabase.on(TestServers.mariaDb());
        this.factory = over(kind == Kind.MARIADB ? "mariadb" : "mysql", database.server());
      }
    }
  }

  private static ConnectionFactory over(String driver, TestServer server) {
    return ConnectionFactories.get(server.r2dbcUrl(driver, null));
  }

  ConnectionFactory factory() {
    return factory;
  }

  void run(String sql) {
    Flux.usingWhen(
            factory.create(),
            connection ->
                Flux.from(connection.createStatement(sql).execute())
                    .flatMap(Result::getRowsUpdated),
            Connection::close)
        .blockLast(PATIENCE);
  }

  /** Returns a text of each row, null as a text, too. */
  List<String> texts(String sql) {
    return Flux.usingWhen(
            factory.create(),
            connection ->
                Flux.from(connection.createStatement(sql).execute())
                    .flatMap(result -> result.map(row -> row.get(0, String.class) + "")),
            Connection::close)
        .collectList()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  static <T> T get(Mono<T> mono) {
    return mono.blockOptional(PATIENCE).orElseThrow();
  }

  @Override
  public void close() throws SQLException {
    if (database != null) {
      database.close();
    }
  }
}
