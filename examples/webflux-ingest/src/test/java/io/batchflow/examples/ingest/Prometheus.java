package io.batchflow.examples.ingest;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Prometheus that scrapes a service every second, configured with the files of docs/monitoring.
 * {@code BATCHFLOW_TEST_PROMETHEUS_EXECUTABLE} names its executable. promtool must be in the same
 * directory.
 */
final class Prometheus implements AutoCloseable {

  static final Path FILES = Path.of("../../docs/monitoring");

  private static final String EXECUTABLE = "BATCHFLOW_TEST_PROMETHEUS_EXECUTABLE";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private final Process process;
  private final int port;

  private Prometheus(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts Prometheus and waits until it answers.
   *
   * @param directory the directory for its files
   */
  static Prometheus start(Path directory, Service service)
      throws IOException, InterruptedException {
    String config =
        Files.readString(FILES.resolve("prometheus.yml"))
            .replace("localhost:8080", "localhost:" + service.port())
            .replace("15s", "1s");
    Files.writeString(directory.resolve("prometheus.yml"), config);
    Files.copy(FILES.resolve("alerts.yaml"), directory.resolve("alerts.yaml"));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                executable().toString(),
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=localhost:" + port)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Prometheus prometheus = new Prometheus(process, port);
    try {
      prometheus.awaitReady(directory.resolve("log"));
    } catch (IOException | InterruptedException failure) {
      prometheus.close();
      throw failure;
    }
    return prometheus;
  }

  private static Path executable() {
    String named = System.getenv(EXECUTABLE);
    if (named == null) {
      throw new IllegalStateException(
          EXECUTABLE
              + " does not name the Prometheus executable; Debian's package is 'prometheus'");
    }
    return Path.of(named);
  }

  private void awaitReady(Path log) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        if (get("/-/ready").statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        Thread.onSpinWait();
      }
      if (!process.isAlive() || Instant.now().isAfter(deadline)) {
        throw new IOException("Prometheus did not start: " + Files.readString(log));
      }
    }
  }

  /** Runs promtool in docs/monitoring and returns its output. */
  static String promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(executable().resolveSibling("promtool").toString());
    command.addAll(List.of(arguments));
    Process tool =
        new ProcessBuilder(command).directory(FILES.toFile()).redirectErrorStream(true).start();
    String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return tool.waitFor() == 0 ? said : "promtool failed: " + said;
  }

  /** Returns the current series of a query. */
  JsonNode query(String expression) throws IOException, InterruptedException {
    return data("/api/v1/query?query=" + encoded(expression)).path("result");
  }

  /** Returns the series of a query in a period, with one value for each second. */
  JsonNode query(String expression, Instant from, Instant to)
      throws IOException, InterruptedException {
    String range = "&start=" + from.getEpochSecond() + "&end=" + to.getEpochSecond() + "&step=1";
    return data("/api/v1/query_range?query=" + encoded(expression) + range).path("result");
  }

  /** Returns the alert rules with their states. */
  JsonNode rules() throws IOException, InterruptedException {
    return data("/api/v1/rules").path("groups").path(0).path("rules");
  }

  private JsonNode data(String path) throws IOException, InterruptedException {
    JsonNode answer = json.readTree(get(path).body());
    if (!answer.path("status").asString().equals("success")) {
      throw new IOException(path + ": " + answer);
    }
    return answer.path("data");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(PATIENCE)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String encoded(String expression) {
    return URLEncoder.encode(expression, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
