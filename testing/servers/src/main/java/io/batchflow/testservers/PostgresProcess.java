package io.batchflow.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** PostgreSQL with its default durability. */
public final class PostgresProcess implements KillableServer {

  private final Path data;
  private EmbeddedPostgres running;

  private PostgresProcess(Path data) throws IOException {
    Allowed.check();
    this.data = data;
    this.running = PostgresStart.of(builder());
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param directory the parent of the directory for its files
   */
  public static PostgresProcess start(Path directory) throws IOException {
    return new PostgresProcess(directory.resolve("postgres"));
  }

  private EmbeddedPostgres.Builder builder() {
    return EmbeddedDatabases.durable(EmbeddedPostgres.builder())
        .setDataDirectory(data)
        .setCleanDataDirectory(false);
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
