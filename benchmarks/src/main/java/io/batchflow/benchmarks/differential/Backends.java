package io.batchflow.benchmarks.differential;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** The databases and drivers that are compared. */
public final class Backends {

  /** The names of the backends: the database, and the driver if there are two. */
  public static final List<String> NAMES =
      List.of("postgresql", "mariadb", "mariadb-by-r2dbc-mysql", "sqlite", "h2");

  private Backends() {}

  static Backend open(String name) throws IOException, SQLException {
    return switch (name) {
      case "postgresql" -> PostgresBackend.open();
      case "mariadb" -> MariaDbBackend.open("mariadb", null);
      case "mariadb-by-r2dbc-mysql" ->
          MariaDbBackend.open("mysql", "tcpNoDelay=true&sslMode=disabled");
      case "sqlite" -> SqliteBackend.open();
      case "h2" -> H2Backend.open();
      default -> throw new IllegalArgumentException("There is no backend '" + name + "'");
    };
  }
}
