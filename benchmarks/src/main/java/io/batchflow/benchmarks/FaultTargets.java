package io.batchflow.benchmarks;

import io.batchflow.testservers.H2Process;
import io.batchflow.testservers.MariaDbProcess;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.RedisProcess;
import io.batchflow.testservers.TestServer;
import java.nio.file.Path;
import java.util.List;

/** Starts the servers for the fault runs. */
final class FaultTargets {

  /** Starts a server with its files in a directory, and creates the table. */
  @FunctionalInterface
  interface Open<T extends StoredTable> {

    T in(Path directory) throws Exception;
  }

  static final List<Open<FaultTarget>> SERVERS =
      List.of(
          FaultTargets::postgres,
          FaultTargets::mariaDb,
          FaultTargets::mariaDbByMySql,
          FaultTargets::redis,
          FaultTargets::h2);

  /** A driver of JDBC waits for an answer without end, unless its URL says how long. */
  private static final String SECONDS = "socketTimeout=1&loginTimeout=1&connectTimeout=1";

  private static final String MILLIS = "socketTimeout=1000&connectTimeout=1000";

  private FaultTargets() {}

  static FaultTarget postgres(Path directory) throws Exception {
    return SqlFaultTarget.overR2dbc(
        "PostgreSQL", PostgresProcess.start(directory), "postgresql", "postgresql");
  }

  static FaultTarget mariaDb(Path directory) throws Exception {
    return SqlFaultTarget.overR2dbc(
        "MariaDB", MariaDbProcess.start(directory), "mariadb", "mariadb");
  }

  private static FaultTarget mariaDbByMySql(Path directory) throws Exception {
    return SqlFaultTarget.overR2dbc(
        "MariaDB-mysql", MariaDbProcess.start(directory), "mysql", "mariadb");
  }

  private static FaultTarget h2(Path directory) throws Exception {
    return SqlFaultTarget.overJdbc("H2", H2Process.start(directory));
  }

  static FaultTarget redis(Path directory) throws Exception {
    return new RedisFaultTarget(
        RedisProcess.start(directory, "--appendonly", "yes", "--appendfsync", "always"));
  }

  /** Returns all ways of writing to a table through a proxy; none if it has no server. */
  static List<FaultTarget> ways(StoredTable table) {
    if (!(table instanceof SqlFaultTarget sql)) {
      return table instanceof FaultTarget server ? List.of(server) : List.of();
    }
    TestServer at = sql.server().server();
    return switch (sql.name()) {
      case "PostgreSQL" ->
          List.of(
              sql,
              sql.by("PostgreSQL-jdbc", port -> at.withPort(port).jdbcUrl("postgresql", SECONDS)));
      case "MariaDB" ->
          List.of(
              sql,
              sql.by("MariaDB-mysql", port -> at.withPort(port).r2dbcUrl("mysql", null)),
              sql.by("MariaDB-jdbc", port -> at.withPort(port).jdbcUrl("mariadb", MILLIS)));
      default -> List.of(sql);
    };
  }

  /** Opens a file, as SQLite has no server. */
  static StoredTable sqlite(Path directory) throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("faults.db");
    return SqlTable.create("SQLite", url, url);
  }
}
