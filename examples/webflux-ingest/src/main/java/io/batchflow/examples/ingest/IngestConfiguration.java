package io.batchflow.examples.ingest;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
import io.batchflow.health.HealthPolicy;
import io.batchflow.micrometer.BatchSpanHandler;
import io.batchflow.micrometer.FlowMetrics;
import io.batchflow.micrometer.ObservedBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.table.Table;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.Result;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import reactor.core.publisher.Flux;

/** The beans of the flow. */
@Configuration(proxyBeanMethods = false)
class IngestConfiguration {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS events (
        id BIGINT PRIMARY KEY,
        source VARCHAR(100) NOT NULL,
        kind VARCHAR(50) NOT NULL,
        payload TEXT,
        occurred_at TIMESTAMP NOT NULL)
      """;

  /** First in order: only the first handler that supports an Observation is called. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  BatchSpanHandler batchSpans(Tracer tracer) {
    return BatchSpanHandler.create(tracer);
  }

  @Bean
  BatchWriter writer(IngestProperties properties, ObservationRegistry observations) {
    return ObservedBatchWriter.create(R2dbcBatchWriter.create(properties.url()), observations);
  }

  /** Spring waits for the {@code Mono} of {@code close()}, so accepted events are stored. */
  @Bean
  BatchFlow flow(BatchWriter writer, IngestProperties properties, MeterRegistry registry) {
    createTable(properties.url());
    // The dashboard shows percentiles.
    FlowMetrics metrics = FlowMetrics.builder("events").percentileHistogram(true).build();
    metrics.bindTo(registry);
    return BatchFlow.builder(writer)
        .defaultPolicy(
            BatchPolicy.builder()
                .maxSize(properties.maxSize())
                .maxDelay(properties.maxDelay())
                .lingerWhenIdle(properties.lingerWhenIdle())
                .build())
        .maxPending(properties.maxPending())
        .healthPolicy(HealthPolicy.builder().downAfter(properties.downAfter()).build())
        .listener(metrics)
        .build();
  }

  @Bean
  Table<Event> events(BatchFlow flow) {
    return flow.table(Event.class);
  }

  private static void createTable(String url) {
    Flux.usingWhen(
            ConnectionFactories.get(url).create(),
            connection ->
                Flux.from(connection.createStatement(TABLE).execute())
                    .concatMap(Result::getRowsUpdated),
            Connection::close)
        .blockLast(PATIENCE);
  }
}
