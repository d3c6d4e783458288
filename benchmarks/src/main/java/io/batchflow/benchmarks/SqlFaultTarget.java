package io.batchflow.benchmarks;

import io.batchflow.testservers.KillableServer;
import io.batchflow.testservers.TestServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;

/**
 * A SQL server.
 *
 * @param urls returns the URL for writing, for a port
 */
record SqlFaultTarget(KillableServer server, IntFunction<String> urls, SqlTable table)
    implements FaultTarget {

  /** Writes with an R2DBC driver and reads with a JDBC driver. */
  static SqlFaultTarget overR2dbc(String name, KillableServer server, String r2dbc, String jdbc)
      throws SQLException {
    TestServer at = server.server();
    return create(
        name, server, port -> at.withPort(port).r2dbcUrl(r2dbc, null), at.jdbcUrl(jdbc, null));
  }

  /** Writes and reads H2 over JDBC, as its R2DBC driver does not support servers. */
  static SqlFaultTarget overJdbc(String name, KillableServer server) throws SQLException {
    TestServer at = server.server();
    return create(name, server, port -> h2(at.withPort(port)), h2(at));
  }

  /** Returns the same table, with another way of writing. */
  SqlFaultTarget by(String name, IntFunction<String> others) {
    String url = others.apply(server.server().port());
    return new SqlFaultTarget(server, others, new SqlTable(name, url, table.jdbcUrl()));
  }

  private static String h2(TestServer at) {
    return "jdbc:h2:tcp://localhost:" + at.port() + "/./" + at.database() + ";WRITE_DELAY=0";
  }

  private static SqlFaultTarget create(
      String name, KillableServer server, IntFunction<String> urls, String jdbcUrl)
      throws SQLException {
    String url = urls.apply(server.server().port());
    return new SqlFaultTarget(server, urls, SqlTable.create(name, url, jdbcUrl));
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public String url(int port) {
    return urls.apply(port);
  }

  @Override
  public void read(int from, int to, ObjIntConsumer<String> rows) throws SQLException {
    table.read(from, to, rows);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
