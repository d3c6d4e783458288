package io.batchflow.examples.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The queries of docs/monitoring: the panels of the dashboard and the alert rules. */
final class Dashboard {

  /** One panel. Grafana's variables are replaced in its queries. */
  record Panel(String type, String title, String description, String unit, List<Query> queries) {}

  /** One query of a panel, with the name of its series. */
  record Query(String expression, String legend) {}

  /** One alert rule. */
  record Alert(String name, String expression, String runbook) {

    /** Returns the expressions that are compared with a threshold. */
    List<String> measured() {
      return Stream.of(expression.split(" (?:and|unless) "))
          .map(compared -> compared.replaceAll(" (?:>|==) [0-9.]+$", ""))
          .toList();
    }

    /** Returns the labels by which the rule groups its series. */
    List<String> labels() {
      Matcher grouped = Pattern.compile("by \\(([^)]*)\\)").matcher(expression);
      return grouped.find() ? List.of(grouped.group(1).split(", ")) : List.of();
    }
  }

  private Dashboard() {}

  static JsonNode json() throws IOException {
    return new JsonMapper().readTree(Files.readString(Prometheus.FILES.resolve("dashboard.json")));
  }

  static List<Panel> panels() throws IOException {
    return json().path("panels").valueStream().map(Dashboard::panel).toList();
  }

  private static Panel panel(JsonNode panel) {
    return new Panel(
        panel.path("type").asString(),
        panel.path("title").asString(),
        panel.path("description").asString(),
        panel.path("fieldConfig").path("defaults").path("unit").asString(),
        panel.path("targets").valueStream().map(Dashboard::query).toList());
  }

  private static Query query(JsonNode target) {
    String whole =
        target
            .path("expr")
            .asString()
            .replace("$flow", ".*")
            .replace("$table", ".*")
            .replace("$__rate_interval", "10s")
            .replace("$__range", "1m");
    return new Query(whole, target.path("legendFormat").asString());
  }

  static List<Alert> alerts() throws IOException {
    JsonNode file =
        new JsonMapper()
            .valueToTree(
                new Yaml().load(Files.readString(Prometheus.FILES.resolve("alerts.yaml"))));
    return file.path("groups")
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .map(
            rule ->
                new Alert(
                    rule.path("alert").asString(),
                    rule.path("expr").asString(),
                    rule.path("annotations").path("runbook").asString()))
        .toList();
  }

  /** Returns the queries of the panels and of the rules. */
  static Stream<String> queries() throws IOException {
    return Stream.concat(
        panels().stream().flatMap(panel -> panel.queries().stream()).map(Query::expression),
        alerts().stream().map(Alert::expression));
  }
}
