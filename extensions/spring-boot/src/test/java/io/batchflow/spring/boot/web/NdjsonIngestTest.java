package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Over real HTTP. The tests share the table, so each has its own range of ids. */
class NdjsonIngestTest {

  private static final String NDJSON = "application/x-ndjson";

  @SuppressWarnings("NullAway.Init")
  private static IngestServer server;

  @BeforeAll
  static void start() {
    server =
        IngestServer.start(
            "batchflow.web.ndjson.max-line-size=1KB",
            "batchflow.web.ndjson.max-body-size=100KB",
            "batchflow.web.ndjson.max-depth=5",
            "batchflow.web.ndjson.max-problems=10");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String note(int id) {
    return "{\"id\":%d,\"text\":\"a\"}".formatted(id);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  @Test
  void allLinesAreStoredExceptThoseWithAProblem() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.postLines(
            "/lines",
            note(1),
            "",
            note(2) + "\r",
            "  \r",
            "s3cr3t",
            note(1),
            "{\"id\":\"s3cr3t\",\"text\":\"a\"}",
            "{\"id\":3,\"text\":\"" + "s3cr3t".repeat(10) + "\"}",
            "{\"id\":4,\"text\":null}",
            note(5) + "s3cr3t",
            "null",
            "{\"id\":7,\"text\":\"a\",\"deep\":" + "[".repeat(6) + "]".repeat(6) + "}",
            note(6));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode report = json(answer);
    assertThat(report.path("lines").asInt()).isEqualTo(11);
    assertThat(report.path("stored").asInt()).isEqualTo(3);
    assertThat(report.path("omitted").asInt()).isZero();
    assertThat(report.path("problems").valueStream())
        .extracting(it -> it.path("line").asInt(), it -> it.path("status").asInt())
        .extracting(Object::toString)
        .containsExactly(
            "(5, 400)",
            "(6, 409)",
            "(7, 400)",
            "(8, 422)",
            "(9, 422)",
            "(10, 400)",
            "(11, 400)",
            "(12, 400)");
    assertThat(report.path("problems").get(2).path("problem").asString()).contains("'id'");
    assertThat(report.path("problems").get(7).path("problem").asString()).contains("nested");
    assertThat(answer.body()).doesNotContain("s3cr3t");
  }

  @Test
  void aLineThatIsNotUtf8IsAProblem() throws IOException, InterruptedException {
    byte[] line = note(11).replace("a", "\u00e4").getBytes(StandardCharsets.ISO_8859_1);

    HttpResponse<String> answer = server.post("/lines", NDJSON, BodyPublishers.ofByteArray(line));

    assertThat(json(answer).path("problems").get(0).path("status").asInt()).isEqualTo(400);
  }

  @Test
  void aFunctionReadsTheLinesAndItsOwnProblemsAreReported()
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.postLines("/mapped", "{\"number\":21}", "{}", "{\"number\":\"s3cr3t\"}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().lines())
        .containsExactly(
            "{\"line\":2,\"status\":400,\"reason\":\"ResponseStatusException\","
                + "\"problem\":\"'number' is missing.\"}",
            "{\"line\":3,\"status\":422,\"reason\":\"UnreadableLine\","
                + "\"problem\":\"The line cannot be read (NumberFormatException).\"}",
            "{\"lines\":3,\"stored\":1}");
  }

  @Test
  void furtherProblemsAreOnlyCounted() throws IOException, InterruptedException {
    String[] lines = new String[1000];
    Arrays.fill(lines, "{}");

    JsonNode report = json(server.postLines("/lines", lines));

    assertThat(report.path("problems").size()).isEqualTo(10);
    assertThat(report.path("omitted").asInt()).isEqualTo(990);
  }

  @Test
  void aLineThatIsTooLongEndsTheBodyAndTheProblemCountsTheEarlierLines()
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.post(
            "/lines",
            NDJSON,
            BodyPublishers.fromPublisher(
                BodyPublishers.concat(
                    BodyPublishers.ofString(note(31) + "\n"),
                    BodyPublishers.ofString("x".repeat(2000)))));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(answer).path("detail").asString())
        .isEqualTo("Line 2 is longer than 1024 bytes.");
    assertThat(json(answer).path("lines").asInt()).isEqualTo(1);
    assertThat(json(answer).path("stored").asInt()).isEqualTo(1);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWithAndWithoutItsLength()
      throws IOException, InterruptedException {
    String body = (" ".repeat(1000) + "\n").repeat(200);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> known = server.post("/lines", NDJSON, BodyPublishers.ofByteArray(bytes));
    HttpResponse<String> chunked =
        server.post(
            "/lines", NDJSON, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));

    assertThat(known.statusCode()).isEqualTo(413);
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(json(chunked).path("detail").asString()).contains("larger than 102400 bytes");
  }

  @Test
  void aCompressedBodyIsRefused() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        server.post(
            "/lines", NDJSON, BodyPublishers.ofString(note(41)), "Content-Encoding", "gzip");

    assertThat(answer.statusCode()).isEqualTo(415);
  }

  @Test
  void singleRowsAreAnsweredByTheirOutcome() throws IOException, InterruptedException {
    assertThat(server.postJson(note(51)).statusCode()).isEqualTo(201);
    HttpResponse<String> again = server.postJson(note(51));
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(again).path("reason").asString()).isEqualTo("RowRejectedException");
    assertThat(server.postJson("{\"id\":52,\"text\":null}").statusCode()).isEqualTo(422);
  }

  @Test
  void aClosedFlowAnswersWithRetryAfter() throws IOException, InterruptedException {
    try (IngestServer closed = IngestServer.start("batchflow.web.retry-after=7s")) {
      closed.context().getBean(BatchFlow.class).close().block();

      HttpResponse<String> one = closed.postJson(note(1));
      HttpResponse<String> lines =
          closed.postLines(
              "/lines", IntStream.range(0, 5).mapToObj(i -> note(i)).toArray(String[]::new));

      assertThat(one.statusCode()).isEqualTo(503);
      assertThat(one.headers().firstValue("Retry-After")).hasValue("7");
      assertThat(lines.statusCode()).isEqualTo(503);
      assertThat(lines.headers().firstValue("Retry-After")).hasValue("7");
      assertThat(json(lines).path("stored").asInt(-1)).isZero();
    }
  }
}
