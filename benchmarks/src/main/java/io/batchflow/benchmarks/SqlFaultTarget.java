package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
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
import java.util.function.Supplier;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A table of a SQL server.
 *
 * @param opened opens a writer to it
 * @param jdbcUrl by which it is read
 */
record SqlFaultTarget(
    String name, KillableServer server, Supplier<BatchWriter> opened, String jdbcUrl)
    implements FaultTarget {

  private static final String TABLE = "faults";

  /** Writes by an R2DBC driver, and reads by a JDBC driver. */
  static SqlFaultTarget overR2dbc(String name, KillableServer server, String r2dbc, String jdbc)
      throws SQLException {
    TestServer at = server.server();
    return new SqlFaultTarget(
            name,
            server,
            () -> R2dbcBatchWriter.create(at.r2dbcUrl(r2dbc, null)),
            at.jdbcUrl(jdbc, null))
        .withTable();
  }

  /** Writes and reads H2 by JDBC: its R2DBC driver knows no servers. */
  static SqlFaultTarget overJdbc(String name, KillableServer server) throws SQLException {
    TestServer at = server.server();
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(
        "jdbc:h2:tcp://localhost:" + at.port() + "/./" + at.database() + ";WRITE_DELAY=0");
    return new SqlFaultTarget(
            name, server, () -> JdbcBatchWriter.create(source, SqlDialect.h2()), source.getURL())
        .withTable();
  }

  private SqlFaultTarget withTable() throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + TABLE + " (id BIGINT PRIMARY KEY, val VARCHAR(40))");
    }
    return this;
  }

  @Override
  public Schema schema() {
    return Schema.table(TABLE)
        .columns("id", "val")
        .conflictKey("id")
        .onConflict(ConflictStrategy.UPDATE)
        .build();
  }

  @Override
  public BatchWriter writer() {
    return opened.get();
  }

  @Override
  public BitSet stored() throws SQLException {
    BitSet stored = new BitSet();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, val FROM " + TABLE)) {
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
