package io.batchflow.r2dbc.lease;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A database of its own. */
public final class LeaseDatabase implements AutoCloseable {

  /** The databases, and the driver to each. */
  public enum Kind {
    H2("h2"),
    POSTGRES("postgresql"),
    MARIADB("mariadb"),
    MARIADB_BY_MYSQL("mysql"),
    MYSQL("mysql");

    private final String driver;

    Kind(String driver) {
      this.driver = driver;
    }

    public LeaseDatabase open() throws SQLException {
      return new LeaseDatabase(this);
    }

    private TestServer server() {
      return switch (this) {
        case POSTGRES -> TestServers.postgres();
        case MYSQL -> TestServers.mySql().orElseThrow();
        default -> TestServers.mariaDb();
      };
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(Kind.values())
        .filter(kind -> kind != Kind.MYSQL || TestServers.mySql().isPresent());
  }

  /** Those that are reached over a network. */
  static Stream<Kind> servers() {
    return kinds().filter(kind -> kind != Kind.H2 && kind != Kind.MARIADB_BY_MYSQL);
  }

  private final Kind kind;
  private final @Nullable TestDatabase database;
  private final ConnectionFactory factory;

  private LeaseDatabase(Kind kind) throws SQLException {
    this.kind = kind;
    if (kind == Kind.H2) {
      this.database = null;
      this.factory =
          ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID() + "?DB_CLOSE_DELAY=-1");
    } else {
      this.database = TestDatabase.on(kind.server());
      this.factory = over(server());
    }
  }

  /** Returns the server. H2 has none. */
  public TestServer server() {
    if (database == null) {
      throw new IllegalStateException("H2 has no server");
    }
    return database.server();
  }

  public ConnectionFactory factory() {
    return factory;
  }

  public ConnectionFactory over(TestServer server) {
    return ConnectionFactories.get(server.r2dbcUrl(kind.driver, null));
  }

  @Override
  public void close() throws SQLException {
    if (database != null) {
      database.close();
    }
  }
}
