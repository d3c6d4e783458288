package io.batchflow.testservers;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** Servers in containers. Testcontainers stops them when the JVM ends. */
final class Container {

  private static final String SECRET = "batchflow";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Container() {}

  static TestServer postgres() {
    GenericContainer<?> container =
        container("postgres:18", 5432, ".*database system is ready to accept connections.*", 2)
            .withEnv("POSTGRES_PASSWORD", SECRET)
            .withCommand("postgres", "-c", "max_connections=200");
    return started(container, "postgresql", 5432, "postgres", "postgres");
  }

  static TestServer mariaDb() {
    GenericContainer<?> container =
        container("mariadb:11.4", 3306, ".*ready for connections.*", 2)
            .withEnv("MARIADB_ROOT_PASSWORD", SECRET)
            .withCommand("--max-allowed-packet=64M");
    return started(container, "mariadb", 3306, "root", "mysql");
  }

  static TestServer mySql() {
    GenericContainer<?> container =
        container("mysql:8.4", 3306, ".*ready for connections.*", 2)
            .withEnv("MYSQL_ROOT_PASSWORD", SECRET)
            .withCommand("--max-allowed-packet=64M");
    return started(container, "mysql", 3306, "root", "mysql");
  }

  static TestServer redis() {
    GenericContainer<?> container =
        container("redis:7", 6379, ".*Ready to accept connections.*", 1);
    container.start();
    return new TestServer("redis", container.getHost(), container.getMappedPort(6379), "", "", "");
  }

  @SuppressWarnings("resource") // Testcontainers stops it
  private static GenericContainer<?> container(String image, int port, String ready, int times) {
    return new GenericContainer<>(image)
        .withExposedPorts(port)
        .waitingFor(Wait.forLogMessage(ready, times).withStartupTimeout(PATIENCE));
  }

  private static TestServer started(
      GenericContainer<?> container, String scheme, int port, String user, String database) {
    container.start();
    return new TestServer(
        scheme, container.getHost(), container.getMappedPort(port), user, SECRET, database);
  }
}
