package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.examples.ingest.Dashboard.Alert;
import io.batchflow.examples.ingest.Dashboard.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Checks of the dashboard and the alerts that need no Prometheus. */
class MonitoringTest {

  private static final Pattern METER = Pattern.compile("(?m)\\bbatchflow_\\w+");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^batchflow_\\w+");

  private static Set<String> names(Pattern pattern, Stream<String> texts) {
    return texts
        .flatMap(text -> pattern.matcher(text).results())
        .map(match -> match.group())
        .collect(Collectors.toSet());
  }

  @Test
  void queriesNameOnlyMetersThatTheServiceHas() throws IOException, InterruptedException {
    try (Service service = Service.start()) {
      service.sql("ALTER TABLE events RENAME TO lost");
      service.post(
          "/events", "application/json", "{\"id\":1,\"source\":\"web\",\"kind\":\"click\"}");
      String scraped = service.get("/actuator/prometheus").body();

      assertThat(names(SAMPLE, Stream.of(scraped))).containsAll(names(METER, Dashboard.queries()));
    }
  }

  @Test
  void everyAlertIsTestedAndLinksToTheDocs() throws IOException {
    String tests = Files.readString(Prometheus.FILES.resolve("alerts-test.yaml"));
    Path docs = Prometheus.FILES.resolve("../..");

    for (Alert alert : Dashboard.alerts()) {
      assertThat(tests).contains(alert.name());
      String[] runbook = alert.runbook().split("#", 2);
      assertThat(runbook[1]).isEqualTo(alert.name().toLowerCase(Locale.ROOT));
      assertThat(Files.readString(docs.resolve(runbook[0]))).contains("### " + alert.name() + "\n");
    }
  }

  @Test
  void everyPanelHasADescriptionAndItsOwnPlace() throws IOException {
    assertThat(Dashboard.panels())
        .isNotEmpty()
        .allSatisfy(panel -> assertThat(panel.description()).endsWith("."))
        .allSatisfy(panel -> assertThat(panel.unit()).isNotBlank())
        .allSatisfy(panel -> assertThat(panel.queries()).isNotEmpty())
        .extracting(Panel::title, Panel::type)
        .doesNotHaveDuplicates();

    List<JsonNode> panels = Dashboard.json().path("panels").valueStream().toList();
    assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
    for (JsonNode one : panels) {
      assertThat(panels).filteredOn(other -> overlap(place(one), place(other))).containsOnly(one);
    }
  }

  private static JsonNode place(JsonNode panel) {
    return panel.path("gridPos");
  }

  private static boolean overlap(JsonNode a, JsonNode b) {
    return starts(a, "x") < ends(b, "x", "w")
        && starts(b, "x") < ends(a, "x", "w")
        && starts(a, "y") < ends(b, "y", "h")
        && starts(b, "y") < ends(a, "y", "h");
  }

  private static int starts(JsonNode place, String from) {
    return place.path(from).asInt();
  }

  private static int ends(JsonNode place, String from, String size) {
    return place.path(from).asInt() + place.path(size).asInt();
  }
}
