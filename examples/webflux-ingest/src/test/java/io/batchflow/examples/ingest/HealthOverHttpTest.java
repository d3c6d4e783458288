package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.yaml.snakeyaml.Yaml;

/** A database fails and recovers. The test sees the service as its platform does. */
@Timeout(120)
class HealthOverHttpTest {

  private static final String DETAILS = "/actuator/health/batchFlow";
  private static final String LIVENESS = "/actuator/health/liveness";
  private static final String READINESS = "/actuator/health/readiness";

  private long nextId;

  /** Posts events until the flow has this status. */
  private String writeUntil(Service service, String status)
      throws IOException, InterruptedException {
    String health;
    do {
      nextId++;
      service.post(
          "/events",
          "application/json",
          "{\"id\":%d,\"source\":\"web\",\"kind\":\"click\"}".formatted(nextId));
      health = service.get(DETAILS).body();
    } while (!health.contains("\"status\":\"" + status + "\""));
    return health;
  }

  private static int statusOf(Service service, String path)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = service.get(path);
    return answer.statusCode();
  }

  @Test
  void aDatabaseThatFailsTakesTheServiceOutOfServiceAndBack()
      throws IOException, InterruptedException {
    try (Service service = Service.start("--batchflow.flows.events.health.down-after=3s")) {
      writeUntil(service, "UP");

      service.sql("ALTER TABLE events RENAME TO lost");
      assertThat(writeUntil(service, "DEGRADED"))
          .contains("\"reasons\":[\"BACKEND_FAILING\"]", "\"failingTables\":{\"events\":\"");
      assertThat(statusOf(service, READINESS)).isEqualTo(200);
      writeUntil(service, "DOWN");
      assertThat(statusOf(service, READINESS)).isEqualTo(503);
      assertThat(statusOf(service, DETAILS)).isEqualTo(503);
      assertThat(statusOf(service, LIVENESS)).isEqualTo(200);

      service.sql("ALTER TABLE lost RENAME TO events");
      assertThat(writeUntil(service, "UP")).contains("\"reasons\":[]", "\"failingTables\":{}");
      assertThat(statusOf(service, READINESS)).isEqualTo(200);
    }
  }

  @Test
  void theProbesOfTheKubernetesExampleExist() throws IOException, InterruptedException {
    Map<String, Object> deployment =
        new Yaml().load(Files.readString(Path.of("../../docs/monitoring/kubernetes.yaml")));
    Map<?, ?> container =
        (Map<?, ?>) ((List<?>) at(deployment, "spec", "template", "spec", "containers")).get(0);

    try (Service service = Service.start()) {
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        assertThat(statusOf(service, (String) at(container, probe, "httpGet", "path")))
            .isEqualTo(200);
      }
    }
  }

  private static Object at(Map<?, ?> tree, String... path) {
    Object node = tree;
    for (String name : path) {
      node = ((Map<?, ?>) node).get(name);
    }
    return node;
  }
}
