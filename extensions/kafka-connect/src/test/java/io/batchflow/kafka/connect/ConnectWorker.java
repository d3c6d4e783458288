package io.batchflow.kafka.connect;

import io.batchflow.testkafka.KafkaBroker;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;

/** A distributed worker of Kafka Connect in the JVM of the tests. It ends with the JVM. */
final class ConnectWorker {

  private static final ConnectWorker SHARED = new ConnectWorker();

  final KafkaBroker broker = KafkaBroker.shared();
  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  /** Kept, so that it is not collected. */
  @SuppressWarnings("unused")
  private final Connect<?> worker;

  private ConnectWorker() {
    address = "http://localhost:" + freePort();
    worker = new ConnectDistributed().startConnect(options());
  }

  static ConnectWorker shared() {
    return SHARED;
  }

  private Map<String, String> options() {
    Map<String, String> options = new HashMap<>();
    options.put("bootstrap.servers", broker.servers);
    options.put("group.id", "workers");
    options.put("listeners", address);
    options.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    options.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    options.put("value.converter.schemas.enable", "false");
    options.put("plugin.discovery", "service_load");
    options.put("offset.flush.interval.ms", "200");
    options.put("scheduled.rebalance.max.delay.ms", "0");
    for (String storage : new String[] {"config", "offset", "status"}) {
      options.put(storage + ".storage.topic", "connect-" + storage);
      options.put(storage + ".storage.replication.factor", "1");
    }
    options.put("offset.storage.partitions", "1");
    options.put("status.storage.partitions", "1");
    return options;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Creates a connector, or changes its options. Repeats it while the worker starts. */
  void put(String connector, String options) throws Exception {
    for (int i = 0; ; i++) {
      HttpResponse<String> answer = call("PUT", "/connectors/" + connector + "/config", options);
      if (answer.statusCode() / 100 == 2) {
        return;
      }
      if (answer.statusCode() == 400 || i == 600) {
        throw new IllegalStateException(answer.body());
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  void delete(String connector) throws Exception {
    call("DELETE", "/connectors/" + connector, "");
  }

  /** Restarts a connector and all of its tasks. */
  void restart(String connector) throws Exception {
    call("POST", "/connectors/" + connector + "/restart?includeTasks=true", "");
  }

  /** Returns the state of a connector and its tasks, as JSON. */
  String status(String connector) throws Exception {
    return call("GET", "/connectors/" + connector + "/status", "").body();
  }

  /** Returns the answer to a check of options, as JSON. */
  String validate(String options) throws Exception {
    return call("PUT", "/connector-plugins/BatchFlowSinkConnector/config/validate", options).body();
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
