package io.batchflow.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The answers of the service over HTTP, and what its database has. */
@Tag("server")
class OrderServiceTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init")
  private static TestDatabase database;

  @SuppressWarnings("NullAway.Init")
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.on(TestServers.postgres());
    service = ServiceProcess.start(database.server());
    assertThat(send("PUT", "/products/tea", "{'name':'Tea','priceCents':450}").statusCode())
        .isEqualTo(200);
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
    database.close();
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(service.uri(path))
            .timeout(Duration.ofMinutes(5))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> order(UUID id, String items) throws Exception {
    return send("POST", "/orders", "{'id':'%s','customer':'Ada','items':%s}".formatted(id, items));
  }

  private static HttpResponse<String> pay(UUID id, int cents) throws Exception {
    return send("POST", "/orders/" + id + "/payments", "{'cents':%d}".formatted(cents));
  }

  @Test
  void aProductIsInsertedAndThenUpdated() throws Exception {
    send("PUT", "/products/milk", "{'name':'Milk','priceCents':90}");
    HttpResponse<String> answer =
        send("PUT", "/products/milk", "{'name':'Oat milk','priceCents':190}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(send("GET", "/products/milk", "").body())
        .isEqualTo("{\"sku\":\"milk\",\"name\":\"Oat milk\",\"priceCents\":190}");
    assertThat(send("GET", "/products/none", "").statusCode()).isEqualTo(404);
  }

  @Test
  void anOrderIsStoredWithItsLines() throws Exception {
    UUID id = UUID.randomUUID();

    assertThat(order(id, "[{'sku':'tea','quantity':2}]").statusCode()).isEqualTo(201);

    assertThat(send("GET", "/orders/" + id + "/lines", "").body())
        .isEqualTo(
            "[{\"orderId\":\"%s\",\"line\":1,\"sku\":\"tea\",\"quantity\":2}]".formatted(id));
  }

  @Test
  void theSameOrderAgainIsAConflict() throws Exception {
    UUID id = UUID.randomUUID();
    order(id, "[{'sku':'tea','quantity':2}]");

    assertThat(order(id, "[{'sku':'tea','quantity':5}]").statusCode()).isEqualTo(409);
    assertThat(send("GET", "/orders/" + id + "/lines", "").body()).contains("\"quantity\":2");
  }

  @Test
  void anOrderWithABadLineIsNotStoredAtAll() throws Exception {
    UUID id = UUID.randomUUID();

    HttpResponse<String> answer =
        order(id, "[{'sku':'tea','quantity':1},{'sku':'unknown','quantity':1}]");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("\"position\":2", "order_lines");
    assertThat(order(id, "[{'sku':'tea','quantity':0}]").statusCode()).isEqualTo(422);
    assertThat(order(id, "[]").statusCode()).isEqualTo(400);
    assertThat(send("GET", "/orders/" + id + "/lines", "").body()).isEqualTo("[]");
    assertThat(order(id, "[{'sku':'tea','quantity':1}]").statusCode()).isEqualTo(201);
  }

  @Test
  void anOrderIsPaidOnce() throws Exception {
    UUID id = UUID.randomUUID();
    order(id, "[{'sku':'tea','quantity':2}]");

    HttpResponse<String> answer = pay(id, 900);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).containsPattern("\"id\":\\d+");
    assertThat(pay(id, 900).statusCode()).isEqualTo(409);
  }

  /** The order would count as paid if the transaction was not rolled back. */
  @Test
  void aPaymentThatIsRejectedLeavesTheOrderAsItWas() throws Exception {
    UUID id = UUID.randomUUID();
    order(id, "[{'sku':'tea','quantity':2}]");

    assertThat(pay(id, 0).statusCode()).isEqualTo(422);
    assertThat(pay(id, 900).statusCode()).isEqualTo(201);
  }

  @Test
  void callersOfAFullServiceAreAskedToComeAgain() throws Exception {
    try (ServiceProcess small =
        ServiceProcess.start(
            database.server(),
            "--batchflow.defaults.max-pending=10",
            "--batchflow.defaults.policy.max-size=10",
            "--batchflow.defaults.policy.max-delay=300ms",
            "--batchflow.defaults.policy.linger-when-idle=true",
            // A kept-alive connection may no longer be read: reactor-netty#4361, in 1.3.6.
            "--server.netty.max-keep-alive-requests=1")) {
      OrderLoad load = OrderLoad.start(small, 100);
      load.await(10, answer -> answer.status() == 429);
      load.stop();

      assertThat(load.answers(answer -> true))
          .allMatch(answer -> answer.status() == 201 || answer.status() == 429)
          .filteredOn(answer -> answer.status() == 429)
          .allMatch(answer -> answer.pause().equals(Duration.ofSeconds(1)));
      assertThat(StoredOrders.in(database.server())).containsAll(load.stored());
    }
  }
}
