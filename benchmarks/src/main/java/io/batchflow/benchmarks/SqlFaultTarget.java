package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.SqlDialect;
import io.batchflow.testservers.KillableServer;
import io.batchflow.testservers.TestServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.function.IntFunction;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A table of a SQL server.
 *
 * @param opened opens a writer to a port
 * @param jdbcUrl by which the table is read
 */
record SqlFaultTarget(
    String name, KillableServer server, IntFunction<BatchWriter> opened, String jdbcUrl)
    implements FaultTarget {

  private static final String TABLE = "faults";

  /** Writes by an R2DBC driver, and reads by a JDBC driver. */
  static SqlFaultTarget overR2dbc(String name, KillableServer server, String r2dbc, String jdbc)
      throws SQLException {
    TestServer at = server.server();
    return new SqlFaultTarget(
            name,
            server,
            port -> R2dbcBatchWriter.create(at.withPort(port).r2dbcUrl(r2dbc, null)),
            at.jdbcUrl(jdbc, null))
        .withTable();
  }

  /** Writes and reads H2 by JDBC: its R2DBC driver knows no servers. */
  static SqlFaultTarget overJdbc(String name, KillableServer server) throws SQLException {
    TestServer at = server.server();
    return new SqlFaultTarget(
            name,
            server,
            port -> JdbcBatchWriter.create(h2(at.withPort(port)), SqlDialect.h2()),
            h2(at).getURL())
        .withTable();
  }

  private static JdbcDataSource h2(TestServer at) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(
        "jdbc:h2:tcp://localhost:" + at.port() + "/./" + at.database() + ";WRITE_DELAY=0");
    return source;
  }

  private SqlFaultTarget withTable() throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + TABLE + " (id BIGINT PRIMARY KEY, val VARCHAR(40))");
    }
    return this;
  }

  @Override
  public BatchWriter writer(int port) {
    return opened.apply(port);
  }

  @Override
  public BitSet stored(int from, int to) throws SQLException {
    String query = "SELECT id, val FROM " + TABLE + " WHERE id >= " + from + " AND id < " + to;
    BitSet stored = new BitSet();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        int id = rows.getInt(1);
        if (FaultTarget.value(id).equals(rows.getString(2))) {
          stored.set(id);
        }
      }
    }
    return stored;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
