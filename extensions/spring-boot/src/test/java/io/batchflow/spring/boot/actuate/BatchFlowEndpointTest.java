package io.batchflow.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.test.RecordingWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** The endpoint over HTTP, as an operator uses it. */
@Timeout(120)
class BatchFlowEndpointTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema TABLE = Schema.table("sales").columns("id").build();

  private final HttpClient client = HttpClient.newHttpClient();
  private ConfigurableApplicationContext context;

  @AfterEach
  void stop() {
    context.close();
  }

  @Test
  void showsFlowsAndTablesWithoutValuesOfRows() throws IOException, InterruptedException {
    start();
    flow().submit(TABLE.row().set("id", "s3cr3t")).subscribe();

    HttpResponse<String> all = send("GET", "/actuator/batchflow");
    HttpResponse<String> one = send("GET", "/actuator/batchflow/orders");

    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(all.body()).startsWith("{\"flows\":{\"orders\":{").doesNotContain("s3cr3t");
    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(one.body())
        .contains("\"pending\":1", "\"table\":\"sales\"", "\"status\":\"UP\"")
        .doesNotContain("s3cr3t");
    assertThat(send("GET", "/actuator/batchflow/none").statusCode()).isEqualTo(404);
  }

  @Test
  void isReadOnlyByDefault() throws IOException, InterruptedException {
    start();

    HttpResponse<String> flushed = send("POST", "/actuator/batchflow/orders/flush");

    assertThat(flushed.statusCode()).isIn(404, 405);
    assertThat(context.getBean(RecordingWriter.class).batches()).isEmpty();
  }

  @Test
  void flushesAFlowWhereWritesAreAllowed() throws IOException, InterruptedException {
    start("--management.endpoint.batchflow.access=unrestricted");
    CompletableFuture<WriteResult> waiting = flow().submit(TABLE.row().set("id", 1L)).toFuture();

    HttpResponse<String> flushed = send("POST", "/actuator/batchflow/orders/flush");

    assertThat(flushed.statusCode()).isEqualTo(204);
    assertThat(waiting).succeedsWithin(PATIENCE);
    assertThat(send("POST", "/actuator/batchflow/none/flush").statusCode()).isEqualTo(400);
    assertThat(send("POST", "/actuator/batchflow/orders/drop").statusCode()).isEqualTo(400);
  }

  private void start(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--server.netty.max-keep-alive-requests=1",
                "--management.endpoints.web.exposure.include=batchflow"));
    all.addAll(List.of(arguments));
    context = new SpringApplicationBuilder(Service.class).run(all.toArray(new String[0]));
  }

  private BatchFlow flow() {
    return context.getBean(BatchFlow.class);
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(PATIENCE)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Service {

    @Bean
    RecordingWriter writer() {
      return RecordingWriter.create();
    }

    /** Rows wait, so that a flush can be seen. */
    @Bean
    BatchFlow orders(RecordingWriter writer) {
      return BatchFlow.builder(writer)
          .defaultPolicy(
              BatchPolicy.builder().maxDelay(Duration.ofHours(1)).lingerWhenIdle(true).build())
          .build();
    }

    /** Shared threads would end for all contexts of the JVM when the first one stops. */
    @Bean
    ReactorResourceFactory reactorResources() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      resources.setShutdownQuietPeriod(Duration.ZERO);
      return resources;
    }
  }
}
