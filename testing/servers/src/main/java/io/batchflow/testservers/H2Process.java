package io.batchflow.testservers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** H2's TCP server in its own JVM. H2 must be on the class path. */
public final class H2Process implements KillableServer {

  private static final String MAIN = "org.h2.tools.Server";
  private static final int ATTEMPTS = 600;

  private final Path directory;
  private final int port;
  private Process process;

  private H2Process(Path directory, int port) throws IOException {
    Allowed.check();
    this.directory = directory;
    this.port = port;
    this.process = launch();
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param directory the directory for its databases
   */
  public static H2Process start(Path directory) throws IOException {
    H2Process server = new H2Process(directory, RedisProcess.freePort());
    server.awaitAnswer();
    return server;
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            jar(),
            MAIN,
            "-tcp",
            "-tcpPort",
            String.valueOf(port),
            "-baseDir",
            directory.toString(),
            "-ifNotExists")
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("h2.log").toFile())
        .start();
  }

  private static String jar() throws IOException {
    try {
      return Path.of(
              Class.forName(MAIN).getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (ClassNotFoundException | URISyntaxException absent) {
      throw new IOException("H2 is not on the class path", absent);
    }
  }

  private void awaitAnswer() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("localhost", port), 1_000);
        return;
      } catch (IOException notYet) {
        pause();
      }
    }
    throw new IOException("H2 did not start: see " + directory.resolve("h2.log"));
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", interrupted);
    }
  }

  @Override
  public TestServer server() {
    return new TestServer("h2", "localhost", port, "", "", "faults");
  }

  @Override
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void restart() throws IOException {
    process = launch();
    awaitAnswer();
  }

  @Override
  public void close() {
    kill();
  }
}
