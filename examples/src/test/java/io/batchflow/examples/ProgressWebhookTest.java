package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.ProgressMeter;
import io.batchflow.Schema;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The progress of a load is posted to a real HTTP server, which checks each signature itself. */
class ProgressWebhookTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SECRET = "a shared secret";

  private final Queue<Integer> answers = new ArrayDeque<>();
  private final List<JsonNode> received = new CopyOnWriteArrayList<>();
  private final List<Integer> given = new CopyOnWriteArrayList<>();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final BatchFlow flow =
      BatchFlow.builder(batch -> Mono.just(BatchResult.written(batch.size()))).build();

  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/hook", this::answer);
    server.setExecutor(thread);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    thread.shutdown();
    flow.close().block(PATIENCE);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String signature = exchange.getRequestHeaders().getFirst(ProgressWebhook.SIGNATURE);
    Integer wanted = answers.poll();
    int status = wanted != null ? wanted : isGenuine(body, signature) ? 204 : 401;
    if (status == 204) {
      received.add(new JsonMapper().readTree(body));
    }
    given.add(status);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static boolean isGenuine(byte[] body, String signature) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return ("sha256=" + HexFormat.of().formatHex(mac.doFinal(body))).equals(signature);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ProgressWebhook webhook(String secret) {
    URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/hook");
    return new ProgressWebhook(url, secret, Retry.backoff(3, Duration.ofMillis(1)));
  }

  private Mono<Void> loadToldTo(ProgressWebhook webhook) {
    ProgressMeter meter = flow.progressOf(1_000);
    Mono<Void> posts = webhook.follow("orders", meter.every(Duration.ofMillis(20)));
    Flux<?> load =
        flow.submitAll(
                Flux.interval(Duration.ofMillis(1))
                    .onBackpressureDrop()
                    .take(200)
                    .map(id -> ORDERS.row().set("id", id)))
            .transform(meter::follow);
    return Mono.when(posts, load);
  }

  @Test
  void aPostIsRepeatedUntilTheReceiverAnswers() {
    answers.addAll(List.of(500, 503));

    loadToldTo(webhook(SECRET)).block(PATIENCE);

    assertThat(given).startsWith(500, 503, 204);
    assertThat(received)
        .hasSizeGreaterThan(1)
        .allSatisfy(message -> assertThat(message.path("load").asString()).isEqualTo("orders"))
        .extracting(message -> message.path("progress").path("written").asLong())
        .isSorted();
    JsonNode last = received.get(received.size() - 1).path("progress");
    assertThat(last.path("written").asLong()).isEqualTo(200);
    assertThat(last.path("total").asLong()).isEqualTo(1_000);
    assertThat(last.path("ended").asBoolean()).isTrue();
    assertThat(Duration.parse(last.path("elapsed").asString())).isPositive();
  }

  @Test
  void aReceiverThatIsDownGetsTheEndOrTheCallerGetsTheFailure() {
    answers.addAll(List.of(500, 500, 500, 500));
    loadToldTo(webhook(SECRET)).block(PATIENCE);
    assertThat(given).startsWith(500, 500, 500, 500, 204);

    server.stop(0);
    assertThatThrownBy(() -> loadToldTo(webhook(SECRET)).block(PATIENCE))
        .hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void aPostWithAWrongSecretIsNotRepeated() {
    assertThatThrownBy(() -> loadToldTo(webhook("another")).block(PATIENCE))
        .hasRootCauseInstanceOf(ProgressWebhook.RejectedException.class)
        .hasMessageContaining("401");
    assertThat(given).isNotEmpty().containsOnly(401);
    assertThat(received).isEmpty();
  }
}
