package io.batchflow.testservers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** An empty database on a shared server. {@link #close()} drops it. */
public final class TestDatabase implements AutoCloseable {

  private final TestServer home;
  private final String name = "batchflow_" + UUID.randomUUID().toString().replace("-", "");

  private TestDatabase(TestServer home) {
    this.home = home;
  }

  /** Creates a database on a PostgreSQL, MariaDB or MySQL server. */
  public static TestDatabase on(TestServer server) throws SQLException {
    TestDatabase database = new TestDatabase(server);
    database.runAtHome("CREATE DATABASE " + database.name);
    return database;
  }

  /** Returns the server, with this database as its database. */
  public TestServer server() {
    return home.withDatabase(name);
  }

  /** Returns a new connection to this database. */
  public Connection connect() throws SQLException {
    return connect(server());
  }

  /** Drops the database, even under connections that are still open. */
  @Override
  public void close() throws SQLException {
    runAtHome("DROP DATABASE " + name + (isPostgres(home) ? " WITH (FORCE)" : ""));
  }

  private void runAtHome(String sql) throws SQLException {
    try (Connection connection = connect(home);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(TestServer server) throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl(isPostgres(server) ? "postgresql" : "mariadb", null));
  }

  private static boolean isPostgres(TestServer server) {
    return server.scheme().startsWith("postgres");
  }
}
