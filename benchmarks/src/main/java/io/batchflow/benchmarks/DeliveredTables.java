package io.batchflow.benchmarks;

import io.batchflow.r2dbc.inbox.R2dbcInbox;
import io.batchflow.r2dbc.outbox.R2dbcOutbox;
import io.batchflow.testservers.TestServer;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables of {@link RelayApp} and {@link OutboxWriters}, and what is wrong in them. */
final class DeliveredTables {

  private static final String DISORDERED =
      "SELECT count(*) FROM (SELECT number, lag(number) OVER (PARTITION BY message_key ORDER BY"
          + " first) AS earlier FROM (SELECT message_key, split_part(id, '-', 2)::int AS number,"
          + " min(nr) AS first FROM delivered GROUP BY 1, 2) AS firsts) AS pairs"
          + " WHERE number < earlier";

  private final TestServer server;

  DeliveredTables(TestServer server) {
    this.server = server;
  }

  void create() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE committed (id TEXT PRIMARY KEY)");
      statement.execute(
          "CREATE TABLE delivered (nr BIGINT GENERATED ALWAYS AS IDENTITY, id TEXT NOT NULL,"
              + " message_key TEXT NOT NULL)");
      statement.execute("CREATE TABLE handled (id TEXT NOT NULL)");
    }
    ConnectionFactory factory = PostgresContests.factory(server);
    R2dbcOutbox.create(factory)
        .createTables()
        .then(R2dbcInbox.create(factory, "relays").createTable())
        .block();
  }

  long committed() throws SQLException {
    return number("SELECT count(*) FROM committed");
  }

  long delivered() throws SQLException {
    return number("SELECT count(*) FROM delivered");
  }

  long deliveredOnce() throws SQLException {
    return number("SELECT count(DISTINCT id) FROM delivered");
  }

  long handledOnce() throws SQLException {
    return number("SELECT count(DISTINCT id) FROM handled");
  }

  long handledTwice() throws SQLException {
    return number("SELECT count(*) - count(DISTINCT id) FROM handled");
  }

  /** Returns how many messages were first published after a later one of their key. */
  long disordered() throws SQLException {
    return number(DISORDERED);
  }

  /** Returns how many messages are in the outbox. */
  long left() throws SQLException {
    return number("SELECT count(*) FROM batchflow_outbox");
  }

  long shardsOf(String holder) throws SQLException {
    String leases = "SELECT count(*) FROM batchflow_leases WHERE holder = '" + holder + "'";
    return number(leases + " AND name NOT LIKE 'batchflow_outbox relay %'"); // a seat is no shard
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl("postgresql", null));
  }
}
