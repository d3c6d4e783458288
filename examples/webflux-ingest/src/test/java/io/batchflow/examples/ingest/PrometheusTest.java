package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.examples.ingest.Dashboard.Alert;
import io.batchflow.examples.ingest.Dashboard.Panel;
import io.batchflow.examples.ingest.Dashboard.Query;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The dashboard and the alerts with a real Prometheus that scrapes a real service. */
@Tag("prometheus")
@Timeout(180)
@Tag("server")
class PrometheusTest {

  private static final String WRITTEN =
      "sum(rate(batchflow_ended_submissions_total{outcome=\"written\"}[10s]))";

  private static final String FAILED = "sum(rate(batchflow_failures_total[10s]))";

  @SuppressWarnings("NullAway.Init")
  private static Service service;

  @SuppressWarnings("NullAway.Init")
  private static Prometheus prometheus;

  private static long nextId;

  @BeforeAll
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  static void start(@TempDir Path directory) throws IOException, InterruptedException {
    service = Service.start("--batchflow.flows.events.health.down-after=1s");
    prometheus = Prometheus.start(directory, service);
    // A kind of failure has no counter before its first failure.
    service.sql("ALTER TABLE events RENAME TO lost");
    post();
    service.sql("ALTER TABLE lost RENAME TO events");
    do {
      post();
    } while (valueOf(WRITTEN) <= 0 || valueOf(FAILED) < 0);
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    service.close();
  }

  private static void post() throws IOException, InterruptedException {
    nextId++;
    service.post(
        "/events",
        "application/json",
        "{\"id\":%d,\"source\":\"web\",\"kind\":\"click\"}".formatted(nextId));
  }

  /** Returns the single value of a query, or -1 if there is none. */
  private static double valueOf(String expression) throws IOException, InterruptedException {
    return prometheus.query(expression).path(0).path("value").path(1).asDouble(-1);
  }

  private static String stateOf(String alert) throws IOException, InterruptedException {
    return prometheus
        .rules()
        .valueStream()
        .filter(rule -> rule.path("name").asString().equals(alert))
        .map(rule -> rule.path("state").asString())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void promtoolFindsNothingWrongAndEveryAlertFiresWhenItShould()
      throws IOException, InterruptedException {
    assertThat(Prometheus.promtool("check", "config", "prometheus.yml")).contains("SUCCESS");
    assertThat(Prometheus.promtool("check", "rules", "alerts.yaml")).contains("SUCCESS");
    assertThat(Prometheus.promtool("test", "rules", "alerts-test.yaml")).contains("SUCCESS");
  }

  @Test
  void everyPanelHasData() throws IOException, InterruptedException {
    for (Panel panel : Dashboard.panels()) {
      for (Query query : panel.queries()) {
        assertThat(prometheus.query(query.expression()))
            .as("%s: %s", panel.title(), query.expression())
            .isNotEmpty();
      }
    }
  }

  @Test
  void timeToDurableShowsTheMedianAndTheP99() throws IOException, InterruptedException {
    List<String> expressions =
        Dashboard.panels().stream()
            .filter(panel -> panel.title().equals("Time to durable"))
            .flatMap(panel -> panel.queries().stream())
            .map(Query::expression)
            .toList();
    assertThat(expressions).hasSize(2);
    assertThat(expressions.get(0)).startsWith("histogram_quantile(0.5, ");
    assertThat(expressions.get(1)).startsWith("histogram_quantile(0.99, ");

    double median;
    double p99;
    do {
      post();
      median = valueOf(expressions.get(0));
      p99 = valueOf(expressions.get(1));
    } while (!(median > 0) || !(p99 > 0)); // NaN where nothing was written meanwhile
    assertThat(median).isLessThan(60);
    assertThat(p99).isLessThan(60);
  }

  @Test
  void everyAlertMeasuresSomething() throws IOException, InterruptedException {
    for (Alert alert : Dashboard.alerts()) {
      for (String expression : alert.measured()) {
        JsonNode measured = prometheus.query(expression);
        assertThat(measured).as("%s: %s", alert.name(), expression).isNotEmpty();
        // Prometheus does not reject a label that no series has. It omits the label.
        assertThat(measured)
            .allSatisfy(
                series ->
                    assertThat(series.path("metric").propertyNames())
                        .as("%s: %s", alert.name(), expression)
                        .containsAll(alert.labels()));
      }
    }
    assertThat(prometheus.rules())
        .hasSize(Dashboard.alerts().size())
        .allSatisfy((JsonNode rule) -> assertThat(rule.path("health").asString()).isEqualTo("ok"));
  }

  @Test
  void anAlertIsRaisedOnlyWhileTheDatabaseFails() throws IOException, InterruptedException {
    service.sql("ALTER TABLE events RENAME TO lost");
    do {
      post();
    } while (!stateOf("BatchFlowDown").equals("pending"));

    service.sql("ALTER TABLE lost RENAME TO events");
    do {
      post();
    } while (!stateOf("BatchFlowDown").equals("inactive"));
    assertThat(valueOf("batchflow_health_status")).isZero();
  }
}
