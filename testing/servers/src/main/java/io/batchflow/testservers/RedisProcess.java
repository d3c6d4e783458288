package io.batchflow.testservers;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis server for one test, with any options. It can be killed and started again with the same
 * port and files. {@code BATCHFLOW_TEST_REDIS_EXECUTABLE} selects another executable, such as
 * Valkey's. Not safe for concurrent use.
 */
public final class RedisProcess implements KillableServer {

  private static final String EXECUTABLE = "BATCHFLOW_TEST_REDIS_EXECUTABLE";
  private static final int CONNECT_MILLIS = 1_000;

  private final List<String> command;
  private final Path directory;
  private final int port;
  private Process process;

  private RedisProcess(List<String> command, Path directory, int port) throws IOException {
    Allowed.check();
    this.command = command;
    this.directory = directory;
    this.port = port;
    this.process = launch();
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param directory the directory for its files
   * @param options options for its command line, such as {@code "--appendonly", "yes"}
   */
  public static RedisProcess start(Path directory, String... options) throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(Executable.PATH));
    command.addAll(List.of("--port", String.valueOf(port), "--save", ""));
    command.addAll(List.of(options));
    RedisProcess server = new RedisProcess(command, directory, port);
    server.awaitAnswer();
    return server;
  }

  /**
   * Starts a Sentinel.
   *
   * @param directory the directory of the configuration file
   * @param configuration the name of the configuration file, in which it also stores its state
   */
  public static RedisProcess startSentinel(Path directory, String configuration)
      throws IOException {
    int port = freePort();
    List<String> command =
        List.of(Executable.PATH, configuration, "--port", String.valueOf(port), "--sentinel");
    RedisProcess server = new RedisProcess(command, directory, port);
    server.awaitAnswer();
    return server;
  }

  /** Returns a free port. The port of the cluster bus, 10,000 above it, is free too. */
  public static int freePort() throws IOException {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0)) {
        if (socket.getLocalPort() < 50_000) {
          return socket.getLocalPort();
        }
      }
    }
  }

  /** Returns the port. */
  public int port() {
    return port;
  }

  /** Returns its URI, for Lettuce. */
  public String uri() {
    return "redis://localhost:" + port;
  }

  @Override
  public TestServer server() {
    return new TestServer("redis", "localhost", port, "", "", "");
  }

  @Override
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Suspends the process. It does not answer, and its connections stay open. */
  public void freeze() throws IOException {
    signal("-STOP");
  }

  /** Resumes the process. */
  public void thaw() throws IOException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException {
    new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().onExit().join();
  }

  @Override
  public void restart() throws IOException {
    process = launch();
    awaitAnswer();
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve(port + ".log").toFile()))
        .start();
  }

  /** Accepts any answer, such as a request for a password or a report that data is loading. */
  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + EmbeddedDatabases.START.toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("localhost", port), CONNECT_MILLIS);
        socket.setSoTimeout(CONNECT_MILLIS);
        socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
        if (socket.getInputStream().read() >= 0) {
          return;
        }
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "Redis did not start: " + Files.readString(directory.resolve(port + ".log")));
        }
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", interrupted);
    }
  }

  @Override
  public void close() {
    kill();
  }

  /** The executable, extracted from its jar once. */
  private static final class Executable {

    static final String PATH = path();

    private static String path() {
      String named = System.getenv(EXECUTABLE);
      if (named != null) {
        return named;
      }
      try {
        File extracted = ExecutableProvider.newJarResourceProvider().get();
        return extracted.getAbsolutePath();
      } catch (IOException failure) {
        throw new IllegalStateException("The executable of Redis could not be extracted", failure);
      }
    }
  }
}
