package io.batchflow.benchmarks.kafka;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A distributed worker of Kafka Connect, a process with plugins from directories. */
final class Worker implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String address;

  /**
   * What the worker tells of a connector.
   *
   * @param trace why a task has failed; empty if none has
   */
  record State(int failed, String trace) {}

  private Worker(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts a worker and waits until it answers. */
  static Worker start(Layout layout, Path directory, String servers) throws Exception {
    String address = "http://localhost:" + freePort();
    Path file = directory.resolve("worker.properties");
    Files.writeString(file, properties(layout, address, servers));
    Process process =
        layout
            .java("org.apache.kafka.connect.cli.ConnectDistributed", "1g", file.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("worker.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Worker worker = new Worker(process, address);
    try {
      Waiting.until("The worker of Kafka Connect starts", worker::answers);
    } catch (Exception failure) {
      worker.close();
      throw failure;
    }
    return worker;
  }

  private static String properties(Layout layout, String address, String servers) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("bootstrap.servers", servers);
    properties.put("group.id", "workers");
    properties.put("listeners", address);
    properties.put("plugin.path", layout.pluginPath());
    properties.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    properties.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    properties.put("offset.flush.interval.ms", "5000");
    properties.put("scheduled.rebalance.max.delay.ms", "0");
    for (String storage : new String[] {"config", "offset", "status"}) {
      properties.put(storage + ".storage.topic", "connect-" + storage);
      properties.put(storage + ".storage.replication.factor", "1");
    }
    properties.put("offset.storage.partitions", "1");
    properties.put("status.storage.partitions", "1");
    return properties.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() throws Exception {
    if (!process.isAlive()) {
      throw new IOException("The worker of Kafka Connect has ended");
    }
    try {
      return call("GET", "/connectors", "").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Creates a connector. Repeats it while the worker joins its group. */
  void create(String name, Map<String, String> options) throws Exception {
    String body = JSON.writeValueAsString(options);
    Waiting.until(
        "The connector " + name + " is created",
        () -> {
          HttpResponse<String> answer = call("PUT", "/connectors/" + name + "/config", body);
          if (answer.statusCode() == 400) {
            throw new IOException("The worker refused " + name + ": " + answer.body());
          }
          return answer.statusCode() / 100 == 2;
        });
  }

  void delete(String name) throws Exception {
    Waiting.until(
        "The connector " + name + " is deleted",
        () ->
            call("DELETE", "/connectors/" + name, "").statusCode() == 404
                && call("GET", "/connectors/" + name + "/status", "").statusCode() == 404);
  }

  State state(String name) throws Exception {
    HttpResponse<String> answer = call("GET", "/connectors/" + name + "/status", "");
    int failed = 0;
    String trace = "";
    if (answer.statusCode() == 200) {
      for (JsonNode task : JSON.readTree(answer.body()).path("tasks")) {
        if (task.path("state").asString("").equals("FAILED")) {
          failed++;
          trace = task.path("trace").asString("");
        }
      }
    }
    return new State(failed, trace);
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofMinutes(2))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Returns the processor time of the process so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
