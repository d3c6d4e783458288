package io.batchflow.testservers;

import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/** The servers that all tests of a JVM share. Each is started when it is first used. */
public final class TestServers {

  private TestServers() {}

  /** Returns PostgreSQL. {@code BATCHFLOW_TEST_POSTGRES_URL} selects another server. */
  public static TestServer postgres() {
    return Postgres.SERVER;
  }

  /** Returns MariaDB. {@code BATCHFLOW_TEST_MARIADB_URL} selects another server. */
  public static TestServer mariaDb() {
    return MariaDb.SERVER;
  }

  /**
   * Returns MySQL if there is one: the server of {@code BATCHFLOW_TEST_MYSQL_URL}, or one in a
   * Docker container. MySQL cannot be embedded.
   */
  public static Optional<TestServer> mySql() {
    return MySql.SERVER;
  }

  /** Returns Redis. {@code BATCHFLOW_TEST_REDIS_URL} selects another server. */
  public static TestServer redis() {
    return Redis.SERVER;
  }

  /** A class for each server, so that it is started once and only if needed. */
  private static final class Postgres {
    static final TestServer SERVER =
        named("PostgreSQL", "BATCHFLOW_TEST_POSTGRES_URL")
            .or(() -> contained("PostgreSQL", Container::postgres))
            .orElseGet(() -> embedded("PostgreSQL", EmbeddedDatabases::postgres));
  }

  private static final class MariaDb {
    static final TestServer SERVER =
        named("MariaDB", "BATCHFLOW_TEST_MARIADB_URL")
            .or(() -> contained("MariaDB", Container::mariaDb))
            .orElseGet(() -> embedded("MariaDB", EmbeddedDatabases::mariaDb));
  }

  private static final class MySql {
    static final Optional<TestServer> SERVER =
        named("MySQL", "BATCHFLOW_TEST_MYSQL_URL").or(() -> contained("MySQL", Container::mySql));
  }

  private static final class Redis {
    static final TestServer SERVER =
        named("Redis", "BATCHFLOW_TEST_REDIS_URL")
            .or(() -> contained("Redis", Container::redis))
            .orElseGet(() -> embedded("Redis", EmbeddedDatabases::redis));
  }

  private static final class Docker {
    static final boolean ANSWERS = DockerClientFactory.instance().isDockerAvailable();
  }

  /** Starts a server. */
  @FunctionalInterface
  interface Start {

    TestServer server() throws Exception;
  }

  private static Optional<TestServer> named(String product, String variable) {
    return Optional.ofNullable(System.getenv(variable))
        .map(url -> announced(product, "named by " + variable, () -> TestServer.parse(url)));
  }

  private static Optional<TestServer> contained(String product, Start start) {
    return Docker.ANSWERS
        ? Optional.of(announced(product, "in a container", start))
        : Optional.empty();
  }

  private static TestServer embedded(String product, Start start) {
    return announced(product, "embedded", start);
  }

  private static TestServer announced(String product, String how, Start start) {
    Allowed.check();
    try {
      TestServer server = start.server();
      System.out.println(product + " for tests: " + how);
      return server;
    } catch (Exception failure) {
      throw new IllegalStateException(product + " for tests did not start", failure);
    }
  }
}
