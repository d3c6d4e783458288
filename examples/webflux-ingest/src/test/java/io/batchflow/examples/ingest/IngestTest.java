package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.WriteResult;
import io.batchflow.stats.Ledger;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service over real HTTP. */
class IngestTest {

  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final String SECRET = "s3cr3t";

  @SuppressWarnings("NullAway.Init")
  private static Service service;

  @BeforeAll
  static void start() {
    service = Service.start();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void empty() {
    service.sql("DELETE FROM events");
  }

  private static String event(long id) {
    return "{\"id\":%d,\"source\":\"web\",\"kind\":\"click\",\"payload\":{\"x\":[1,2]}}"
        .formatted(id);
  }

  @Test
  void anEventIsAnsweredWhenItIsStored() throws IOException, InterruptedException {
    HttpResponse<String> answer = service.post("/events", JSON, event(7));

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).contains("\"id\":7");
    assertThat(service.sql("SELECT COUNT(*) FROM events WHERE id = 7")).isEqualTo(1);
  }

  @Test
  void theSameEventAgainIsAConflict() throws IOException, InterruptedException {
    service.post("/events", JSON, event(1));

    HttpResponse<String> answer = service.post("/events", JSON, event(1));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("already", "RowRejectedException");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          not json s3cr3t | it is not JSON
          [1, 2] | not a JSON object
          {} | 'id' must be a whole number
          {'id': 1.5} | 'id' must be a whole number
          {'id': 1, 'source': '', 'kind': 's3cr3t'} | 'source' must be a text
          {'id': 1, 'source': 's3cr3t'} | 'kind' must be a text
          {'id': 1, 'source': 'a', 'kind': 'b', 'at': 's3cr3t'} | 'at' must be a time
          """)
  void anInvalidEventIsReportedWithoutItsValues(String event, String problem)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = service.post("/events", JSON, event.replace('\'', '"'));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(problem).doesNotContain(SECRET);
  }

  @Test
  void anEventThatTheTableRejectsIsUnprocessable() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        service.post("/events", JSON, event(1).replace("click", SECRET.repeat(20)));

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Table 'events' rejected a row").doesNotContain(SECRET);
  }

  @Test
  void aStreamIsStoredExceptItsBadLines() throws IOException, InterruptedException {
    List<String> lines =
        new ArrayList<>(IntStream.rangeClosed(1, 10_000).mapToObj(IngestTest::event).toList());
    lines.set(16, "not json");
    lines.set(4_999, event(1));
    lines.set(9_999, "{\"id\":3}");

    HttpResponse<String> answer =
        service.post("/events/stream", NDJSON, String.join("\n", lines) + "\n");

    assertThat(answer.statusCode()).isEqualTo(200);
    List<String> reports = answer.body().lines().toList();
    assertThat(reports).hasSize(4);
    assertThat(reports.subList(0, 3))
        .anySatisfy(report -> assertThat(report).contains("\"line\":17,", "not JSON"))
        .anySatisfy(report -> assertThat(report).contains("already"))
        .anySatisfy(report -> assertThat(report).contains("\"line\":10000,", "'source'"));
    assertThat(reports.get(3)).isEqualTo("{\"lines\":10000,\"stored\":9997}");
    assertThat(service.sql("SELECT COUNT(*) FROM events")).isEqualTo(9_997);
  }

  @Test
  void statisticsHealthAndMetersAreAvailable() throws IOException, InterruptedException {
    service.post("/events", JSON, event(1));

    assertThat(service.get("/stats").body()).contains("\"written\":");
    assertThat(service.get("/actuator/health").body())
        .contains("\"batchFlow\"", "\"status\":\"UP\"");
    assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    assertThat(service.get("/actuator/prometheus").body())
        .contains("batchflow_", "flow=\"events\"");
  }

  @Test
  void callersOfAFullFlowAreAskedToComeAgain() throws IOException, InterruptedException {
    try (Service small =
        Service.start(
            "--batchflow.flows.events.max-pending=10",
            "--batchflow.flows.events.policy.max-size=10",
            "--batchflow.flows.events.policy.max-delay=300ms",
            "--batchflow.flows.events.policy.linger-when-idle=true")) {
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, 200)
              .mapToObj(i -> small.postLater("/events", JSON, event(i)))
              .toList();

      var byStatus =
          answers.stream()
              .map(CompletableFuture::join)
              .collect(Collectors.groupingBy(HttpResponse::statusCode));

      assertThat(byStatus).containsOnlyKeys(201, 429);
      assertThat(byStatus.get(429))
          .allSatisfy(
              answer -> assertThat(answer.headers().firstValue("Retry-After")).hasValue("1"));
      assertThat(small.sql("SELECT COUNT(*) FROM events")).isEqualTo(byStatus.get(201).size());
    }
  }

  /** The shutdown may cut a caller off, and a row whose caller is gone is withdrawn. */
  @Test
  void everyRowIsStoredOrWithdrawnWhenTheServiceStops() {
    Service stopping =
        Service.start(
            "--batchflow.flows.events.policy.max-delay=1h",
            "--batchflow.flows.events.policy.linger-when-idle=true",
            "--batchflow.flows.events.policy.max-size=1000",
            "--spring.lifecycle.timeout-per-shutdown-phase=3s");
    BatchFlow flow = stopping.context().getBean(BatchFlow.class);
    EventParser parser = stopping.context().getBean(EventParser.class);
    List<CompletableFuture<Boolean>> stored =
        IntStream.range(0, 50)
            .mapToObj(i -> stopping.postLater("/events", JSON, event(i)))
            .map(answer -> answer.handle((it, cut) -> it != null && it.statusCode() == 201))
            .toList();
    CompletableFuture<WriteResult> ofTheService =
        flow.table(Event.class).submit(parser.parse(event(50))).toFuture();
    while (flow.stats().queued() < 51) {
      Thread.onSpinWait();
    }

    stopping.close();

    assertThat(ofTheService).isCompleted();
    Ledger ledger = flow.stats().ledger();
    assertThat(ledger.written() + ledger.withdrawn()).isEqualTo(51);
    assertThat(stopping.sql("SELECT COUNT(*) FROM events")).isEqualTo(ledger.written());
    // At least the service's own row was written without an answer over HTTP.
    assertThat(stored.stream().filter(CompletableFuture::join).count())
        .isLessThan(ledger.written());
  }
}
