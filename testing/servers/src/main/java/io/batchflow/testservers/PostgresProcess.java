package io.batchflow.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** PostgreSQL with its default durability. */
public final class PostgresProcess implements KillableServer {

  private final Path data;
  private final Map<String, String> config;
  private EmbeddedPostgres running;

  private PostgresProcess(Path data, Map<String, String> config) throws IOException {
    Allowed.check();
    this.data = data;
    this.config = config;
    this.running = PostgresStart.of(builder());
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param directory the parent of the directory for its files
   */
  public static PostgresProcess start(Path directory) throws IOException {
    return start(directory, Map.of());
  }

  /**
   * Starts a server with settings of its own and waits until it answers.
   *
   * @param directory the parent of the directory for its files
   */
  public static PostgresProcess start(Path directory, Map<String, String> config)
      throws IOException {
    return new PostgresProcess(directory.resolve("postgres"), Map.copyOf(config));
  }

  private EmbeddedPostgres.Builder builder() {
    EmbeddedPostgres.Builder builder =
        EmbeddedDatabases.durable(EmbeddedPostgres.builder())
            .setDataDirectory(data)
            .setCleanDataDirectory(false);
    config.forEach(builder::setServerConfig);
    return builder;
  }

  @Override
  public TestServer server() {
    return new TestServer(
        "postgresql", "localhost", running.getPort(), "postgres", "postgres", "postgres");
  }

  @Override
  public void kill() throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim();
    ProcessHandle.of(Long.parseLong(pid))
        .ifPresent(
            postmaster -> {
              postmaster.destroyForcibly();
              postmaster.onExit().join();
            });
  }

  @Override
  public void restart() throws IOException {
    int port = running.getPort();
    running.close(); // releases its lock on the files
    running = PostgresStart.of(builder().setPort(port));
  }

  @Override
  public void close() throws IOException {
    running.close();
  }
}
