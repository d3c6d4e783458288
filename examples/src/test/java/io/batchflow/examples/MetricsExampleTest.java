package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.micrometer.FlowMetrics;
import io.batchflow.test.RecordingWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** An example to copy from: a flow's meters in Prometheus, with the names that the docs list. */
class MetricsExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();
  private static final Pattern IN_DOCS = Pattern.compile("\\| `(batchflow_\\w+)` \\|");
  private static final Pattern SCRAPED = Pattern.compile("# TYPE (batchflow_\\w+)");

  private static BatchFlow flowOn(MeterRegistry registry, BatchWriter writer) {
    FlowMetrics metrics = FlowMetrics.create("orders");
    metrics.bindTo(registry);
    BatchFlow flow = BatchFlow.builder(writer).listener(metrics).build();
    return flow;
  }

  private static FlowMetrics withBuckets() {
    FlowMetrics metrics =
        FlowMetrics.builder("orders")
            .serviceLevelObjectives(Duration.ofMillis(50), Duration.ofMillis(500))
            .percentileHistogram(true)
            .maxTables(20)
            .build();
    return metrics;
  }

  private static Stream<String> names(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1));
  }

  @Test
  void prometheusShowsWhatTheDocsList() throws IOException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    BatchFlow flow =
        flowOn(
            registry,
            RecordingWriter.create().failing(2, RecordingWriter.failure(FailureKind.PERMANENT)));

    flow.submit(ORDERS.row().set("id", 1)).block();
    flow.submit(ORDERS.row().set("id", 2)).onErrorComplete().block();
    flow.close().block();

    String scraped = registry.scrape();
    assertThat(scraped)
        .contains("batchflow_affected_rows_total{flow=\"orders\",table=\"orders\"} 1.0");
    assertThat(names(SCRAPED, scraped).filter(name -> !name.endsWith("_max")))
        .containsExactlyInAnyOrderElementsOf(
            names(IN_DOCS, Files.readString(Path.of("../docs/metrics.md"))).toList());
  }

  @Test
  void theBucketsAreTheObjectivesAndThoseForPercentiles() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    FlowMetrics metrics = withBuckets();
    metrics.bindTo(registry);
    BatchFlow flow =
        BatchFlow.builder(batch -> Mono.just(BatchResult.written(1))).listener(metrics).build();

    flow.submit(ORDERS.row().set("id", 1)).block();
    flow.close().block();

    assertThat(registry.scrape())
        .contains(
            "batchflow_durable_time_seconds_bucket{flow=\"orders\",table=\"orders\",le=\"0.05\"}")
        .contains(
            "batchflow_batch_size_rows_bucket{flow=\"orders\",table=\"orders\",le=\"1.0\"} 1");
  }
}
