package io.batchflow.benchmarks;

import io.batchflow.benchmarks.service.ServiceApp;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The service of the service part, in a JVM of its own. */
final class ServiceJvm implements AutoCloseable {

  private final Process process;
  private final int port;

  private ServiceJvm(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts the service and waits until it serves.
   *
   * @param connections the size of its pool
   */
  static ServiceJvm start(String url, int connections) throws IOException {
    Process process =
        ChildJvm.of(
                ServiceApp.class,
                List.of("-Xmx512m"),
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.r2dbc.url=" + url,
                "--spring.r2dbc.pool.initial-size=" + connections,
                "--spring.r2dbc.pool.max-size=" + connections)
            .start();
    BufferedReader lines = process.inputReader();
    // Libraries may print before it.
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.matches("\\d+")) {
        return new ServiceJvm(process, Integer.parseInt(line));
      }
    }
    process.destroyForcibly();
    throw new IOException("The service did not start");
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
