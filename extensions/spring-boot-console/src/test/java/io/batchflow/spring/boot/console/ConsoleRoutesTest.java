package io.batchflow.spring.boot.console;

import static io.batchflow.spring.boot.console.ConsoleService.SALES;
import static io.batchflow.spring.boot.console.ConsoleService.WRITABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The requests of the page over HTTP. */
@Timeout(120)
class ConsoleRoutesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private ConsoleService service;

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void thePageLoadsNothingFromElsewhereAndRunsNoTextOfItsOwn()
      throws IOException, InterruptedException {
    service = ConsoleService.start();

    HttpResponse<String> page = get("/batchflow/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http", "*"));
    assertThat(page.body())
        .doesNotContain("http:", "https:", "style=\"", "<style")
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContainPattern("\\son[a-z]+=");
  }

  @ParameterizedTest
  @CsvSource({
    "console.js, text/javascript",
    "charts.js, text/javascript",
    "console.css, text/css",
    "uPlot.iife.min.js, text/javascript",
    "uPlot.min.css, text/css",
  })
  void thePartsOfThePageAreInTheJars(String name, String type)
      throws IOException, InterruptedException {
    service = ConsoleService.start();

    HttpResponse<String> file = get("/batchflow/" + name);

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(file.body()).isNotEmpty();
    assertThat(get("/batchflow/other.js").statusCode()).isEqualTo(404);
  }

  @Test
  void thePathWithoutASlashLeadsToThePage() throws IOException, InterruptedException {
    service = ConsoleService.start("--batchflow.console.path=/ops/flows");

    HttpResponse<String> redirect = get("/ops/flows");

    assertThat(redirect.statusCode()).isEqualTo(307);
    assertThat(redirect.headers().firstValue("Location")).hasValue("flows/");
    assertThat(get("/ops/flows/").statusCode()).isEqualTo(200);
  }

  @Test
  void theStreamTellsAboutTheFlowsWithoutValuesOfRows() throws IOException, InterruptedException {
    service = ConsoleService.start();
    service.writer().rejectingRows(row -> true);
    service.flow().submit(SALES.row().set("id", "s3cr3t")).onErrorComplete().block(PATIENCE);

    try (BufferedReader events = live()) {
      assertThat(next(events))
          .contains(
              "\"orders\":{\"status\":\"UP\"",
              "\"table\":\"sales\"",
              "\"rejected\":1",
              "\"type\":\"RowRejectedException\"")
          .doesNotContain("s3cr3t");
    }
  }

  @Test
  void anOpenPageDoesNotHoldUpTheShutdown() throws IOException, InterruptedException {
    service = ConsoleService.start("--spring.lifecycle.timeout-per-shutdown-phase=10m");
    try (BufferedReader events = live()) {
      next(events);

      service.close();

      assertThat(events.lines()).allSatisfy(line -> assertThat(line).isNotNull());
    }
  }

  @Test
  void thePageIsReadOnlyByDefault() throws IOException, InterruptedException {
    service = ConsoleService.start();

    assertThat(get("/batchflow/access").body()).isEqualTo("{\"writable\":false}");
    assertThat(control(pause(), true).statusCode()).isEqualTo(403);
    assertThat(service.flow().control("sales").isPaused()).isFalse();
  }

  @Test
  void aPageOfAnotherOriginCannotPressTheButtons() throws IOException, InterruptedException {
    service = ConsoleService.start(WRITABLE);

    assertThat(control(pause(), false).statusCode()).isEqualTo(403);
    assertThat(control(pause(), true, "Sec-Fetch-Site", "cross-site").statusCode()).isEqualTo(403);
    assertThat(service.flow().control("sales").isPaused()).isFalse();
  }

  @Test
  void theButtonsControlATable() throws IOException, InterruptedException {
    service = ConsoleService.start(WRITABLE);

    assertThat(control(pause(), true).statusCode()).isEqualTo(204);
    assertThat(service.flow().control("sales").isPaused()).isTrue();
    assertThat(control(pause().replace("pause", "resume"), true).statusCode()).isEqualTo(204);
    assertThat(service.flow().control("sales").isPaused()).isFalse();
    assertThat(control("{\"flow\":\"orders\",\"action\":\"flush\"}", true).statusCode())
        .isEqualTo(204);
    String retune =
        "{\"flow\":\"orders\",\"table\":\"sales\",\"action\":\"retune\",\"maxDelayMillis\":7}";
    assertThat(control(retune, true).statusCode()).isEqualTo(200);
    assertThat(service.flow().control("sales").policy().maxDelay()).isEqualTo(Duration.ofMillis(7));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | no command",
        "{} | no command",
        "'' | no command",
        "null | no command",
        "{\"flow\":\"none\",\"action\":\"flush\"} | orders",
        "{\"flow\":\"orders\",\"action\":\"drop\"} | flush",
        "{\"flow\":\"orders\",\"table\":\"sales\",\"action\":\"retune\",\"maxSize\":0} | maxSize",
      })
  void aWrongCommandIsToldWhatIsRight(String command, String hint)
      throws IOException, InterruptedException {
    service = ConsoleService.start(WRITABLE);

    HttpResponse<String> refused = control(command, true);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(hint);
  }

  private static String pause() {
    return "{\"flow\":\"orders\",\"table\":\"sales\",\"action\":\"pause\"}";
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> control(String command, boolean sameOrigin, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/batchflow/control").POST(HttpRequest.BodyPublishers.ofString(command));
    if (sameOrigin) {
      request.header(ConsoleRoutes.ORIGIN_HEADER, "yes");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private BufferedReader live() throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(request("/batchflow/live").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static String next(BufferedReader events) throws IOException {
    String line = events.readLine();
    while (!line.startsWith("data:")) {
      line = events.readLine();
    }
    return line;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service.url() + path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json");
  }
}
