package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Flux;

/** Traces lead from a request to the batch that stored its event. */
class TracingTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final InMemorySpanExporter EXPORTED = InMemorySpanExporter.create();

  /** Not a {@code @Configuration}, which the services of other tests would find. */
  static class Exporting {

    @Bean
    SpanProcessor processor() {
      return SimpleSpanProcessor.create(EXPORTED);
    }
  }

  /** Waits for a span, as the span of a request may end after its answer. */
  private static SpanData span(String name) {
    return Flux.interval(Duration.ofMillis(10))
        .flatMapIterable(tick -> EXPORTED.getFinishedSpanItems())
        .filter(span -> span.getName().equals(name))
        .next()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  @Test
  void theLinksLeadFromTheBatchToTheRequest() throws IOException, InterruptedException {
    try (Service service = Service.startWith(Exporting.class)) {
      HttpResponse<String> answer =
          service.post(
              "/events",
              "application/json",
              "{\"id\":7,\"source\":\"web\",\"kind\":\"click\"}",
              "traceparent",
              TRACEPARENT);
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(service.sql("SELECT COUNT(*) FROM events WHERE id = 7")).isEqualTo(1);

      SpanData request = span("http post /events");
      SpanData batch = span("INSERT events");

      assertThat(request.getTraceId()).isEqualTo(TRACE);
      assertThat(batch.getTraceId()).isNotEqualTo(TRACE);
      assertThat(batch.getLinks())
          .singleElement()
          .satisfies(
              link -> assertThat(link.getSpanContext().getSpanId()).isEqualTo(request.getSpanId()));
      assertThat(batch.getAttributes().asMap()).containsValue("h2database");
    }
  }
}
