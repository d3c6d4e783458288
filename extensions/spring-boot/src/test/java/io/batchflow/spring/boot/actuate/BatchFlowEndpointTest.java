package io.batchflow.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Overflow;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.spring.boot.BatchWriterFactory;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  private static final String WRITABLE = "--management.endpoint.batchflow.access=unrestricted";
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
    start(WRITABLE);
    CompletableFuture<WriteResult> waiting = flow().submit(TABLE.row().set("id", 1L)).toFuture();

    HttpResponse<String> flushed = send("POST", "/actuator/batchflow/orders/flush");

    assertThat(flushed.statusCode()).isEqualTo(204);
    assertThat(waiting).succeedsWithin(PATIENCE);
  }

  @Test
  void pausesAndResumesATable() throws IOException, InterruptedException {
    start(WRITABLE);

    assertThat(send("POST", "/actuator/batchflow/orders/sales/pause").statusCode()).isEqualTo(204);
    CompletableFuture<WriteResult> held = flow().submit(TABLE.row().set("id", 1L)).toFuture();

    assertThat(flow().control("sales").isPaused()).isTrue();
    assertThat(send("GET", "/actuator/batchflow/orders").body())
        .contains("\"paused\":true", "TABLE_PAUSED");
    assertThat(send("POST", "/actuator/batchflow/orders/sales/resume").statusCode()).isEqualTo(204);
    assertThat(send("POST", "/actuator/batchflow/orders/sales/flush").statusCode()).isEqualTo(204);
    assertThat(held).succeedsWithin(PATIENCE);
  }

  @Test
  void retunesATableAndKeepsItsOtherOptions() throws IOException, InterruptedException {
    start(WRITABLE);

    HttpResponse<String> retuned =
        send(
            "POST",
            "/actuator/batchflow/orders/sales/retune",
            """
            {"maxSize": 7, "maxBytes": "2MB", "overflow": "fail", "deliveryTimeout": "3h"}
            """);

    assertThat(retuned.statusCode()).isEqualTo(200);
    assertThat(retuned.body())
        .contains("\"maxSize\":7", "\"maxBytes\":2097152", "\"maxDelayMillis\":3600000");
    BatchPolicy policy = flow().control("sales").policy();
    assertThat(policy.maxSize()).isEqualTo(7);
    assertThat(policy.overflow()).isEqualTo(Overflow.FAIL);
    assertThat(policy.deliveryTimeout()).isEqualTo(Duration.ofHours(3));
    assertThat(policy.lingerWhenIdle()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none/flush | {} | orders",
        "orders/drop | {} | flush",
        "none/sales/pause | {} | orders",
        "orders/sales/drop | {} | retune",
        "orders/sales/retune | {\"maxsize\": 7} | maxSize",
        "orders/sales/retune | {\"maxSize\": 0} | maxSize",
        "orders/sales/retune | {\"maxSize\": 1000000} | maxPending",
        "orders/sales/retune | {\"maxSize\": \"many\"} | ''",
      })
  void aWrongRequestIsToldWhatIsRight(String path, String body, String hint)
      throws IOException, InterruptedException {
    start(WRITABLE);

    HttpResponse<String> refused = send("POST", "/actuator/batchflow/" + path, body);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(hint);
  }

  @Test
  void aClosedFlowCannotBePaused() throws IOException, InterruptedException {
    start(WRITABLE);
    flow().close().block(PATIENCE);

    assertThat(send("POST", "/actuator/batchflow/orders/sales/pause").statusCode()).isEqualTo(409);
  }

  @Test
  void showsTheLastErrorsOfEachKindWithoutValuesOfRows() throws IOException, InterruptedException {
    start(WRITABLE);
    context
        .getBean(RecordingWriter.class)
        .rejectingRows(row -> String.valueOf(row.value("id")).startsWith("s3cr3t"));
    List<CompletableFuture<WriteResult>> rows =
        Stream.of("s3cr3t 1", "s3cr3t 2", "3")
            .map(id -> flow().submit(TABLE.row().set("id", id)).toFuture())
            .toList();
    flow().flush().block(PATIENCE);

    assertThat(rows.get(0)).failsWithin(PATIENCE);
    String body = send("GET", "/actuator/batchflow").body();
    assertThat(body)
        .containsOnlyOnce("\"status\":\"REJECTED\"")
        .contains("\"type\":\"RowRejectedException\"", "\"rows\":2")
        .doesNotContain("s3cr3t");
  }

  private void start(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--server.netty.max-keep-alive-requests=1",
                "--management.endpoints.web.exposure.include=batchflow",
                "--batchflow.flows.orders.policy.max-delay=1h",
                "--batchflow.flows.orders.policy.linger-when-idle=true"));
    all.addAll(List.of(arguments));
    context = new SpringApplicationBuilder(Service.class).run(all.toArray(new String[0]));
  }

  private BatchFlow flow() {
    return context.getBean(BatchFlow.class);
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return send(method, path, "");
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
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

    @Bean
    BatchWriterFactory writers(RecordingWriter writer) {
      return flow -> writer;
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
