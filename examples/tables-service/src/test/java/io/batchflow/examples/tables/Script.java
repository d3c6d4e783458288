package io.batchflow.examples.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The steps of an integration script, sent to a service of its own. */
final class Script implements AutoCloseable {

  private static final int ROWS = 500;
  private static final int CONCURRENCY = 16;

  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.builder().build();
  private final ConfigurableApplicationContext service;

  Script(String url) {
    service =
        new SpringApplicationBuilder(TablesApplication.class, OwnThreads.class)
            .run(
                "--server.port=0",
                "--spring.r2dbc.url=" + url,
                // A kept-alive connection may no longer be read: reactor-netty#4361, in 1.3.6.
                "--server.netty.max-keep-alive-requests=1");
  }

  /** Shared threads would end for all services of the JVM when the first service stops. */
  @Configuration(proxyBeanMethods = false)
  static class OwnThreads {

    @Bean
    ReactorResourceFactory reactorResources() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      return resources;
    }
  }

  private HttpRequest request(String method, String path, String body) {
    String port = service.getEnvironment().getRequiredProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(Duration.ofMinutes(2))
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
        .build();
  }

  /** Sends a request. A body has single quotes in place of double ones. */
  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send("GET", path, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json.readTree(answer.body());
  }

  /** Posts rows, some at the same time, and returns the statuses of the answers. */
  private List<Integer> store(String table) {
    return Flux.range(1, ROWS)
        .map(
            i ->
                "{'table':'%s','id':'%s-%03d','timestamp':'2024-01-15T10:00:00Z','payload':{'n':%d}}"
                    .formatted(table, table, i, i))
        .map(row -> request("POST", "/v1/data", row))
        .flatMap(
            row ->
                Mono.fromFuture(
                    () -> client.sendAsync(row, HttpResponse.BodyHandlers.discarding())),
            CONCURRENCY)
        .map(HttpResponse::statusCode)
        .collectList()
        .block();
  }

  /** Health, three tables, 500 rows, the count, the list, and the end of the tables. */
  void run() throws IOException, InterruptedException {
    assertThat(get("/v1/health").path("status").asString()).isEqualTo("UP");
    for (String table : List.of("users", "orders", "logs")) {
      String body =
          "{'table_name':'%s','config':{'buffer_size':1000,'flush_interval_seconds':30,'retention_days':7,'backup_enabled':true,'properties':{'owner':'tests'}},'if_not_exists':true}"
              .formatted(table);
      assertThat(send("POST", "/v1/tables", body).statusCode()).isEqualTo(201);
      assertThat(send("POST", "/v1/tables", body).statusCode()).isEqualTo(201);
    }

    assertThat(store("orders")).hasSize(ROWS).allMatch(status -> status == 201 || status == 200);
    JsonNode orders = get("/v1/tables/orders");
    assertThat(orders.path("statistics").path("record_count").asInt()).isEqualTo(ROWS);
    assertThat(orders.path("table_info").path("config").path("flush_interval").asString())
        .isEqualTo("PT30S");
    assertThat(orders.path("table_info").path("config").path("properties.owner").asString())
        .isEqualTo("tests");

    assertThat(get("/v1/tables").path("total").asInt()).isEqualTo(3);
    assertThat(get("/v1/tables?pattern=o*").path("tables")).hasSize(1);

    // The same rows again are updates.
    assertThat(store("orders")).allMatch(status -> status == 201 || status == 200);
    assertThat(get("/v1/tables/orders").path("statistics").path("record_count").asInt())
        .isEqualTo(ROWS);

    JsonNode dropped =
        json.readTree(send("DELETE", "/v1/tables/orders?if_exists=true&cascade=true", "").body());
    assertThat(dropped.path("deleted_rows").asInt()).isEqualTo(ROWS);
    assertThat(send("DELETE", "/v1/tables/orders?if_exists=true", "").statusCode()).isEqualTo(200);
    assertThat(send("DELETE", "/v1/tables/orders", "").statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "/v1/tables/users", "").statusCode()).isEqualTo(200);
    assertThat(get("/v1/tables").path("total").asInt()).isEqualTo(1);
  }

  @Override
  public void close() {
    service.close();
  }
}
