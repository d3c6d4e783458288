package io.batchflow.examples.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.batchflow.BatchFlow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log lines of a flow have their keys, in Logback and in the JSON of Spring Boot. */
class LogKeysTest {

  private static void failAndRecover(Service service) throws IOException, InterruptedException {
    String event = "{\"id\":1,\"source\":\"web\",\"kind\":\"s3cr3t\"}";
    service.sql("ALTER TABLE events RENAME TO lost");
    service.post("/events", "application/json", event);
    service.sql("ALTER TABLE lost RENAME TO events");
    service.post("/events", "application/json", event);
  }

  private static String pairs(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .map(pair -> pair.key + "=" + pair.value)
        .collect(Collectors.joining(" "));
  }

  @Test
  void inLogback() throws IOException, InterruptedException {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(BatchFlow.class);
    try (Service service = Service.start()) {
      appender.start();
      logger.addAppender(appender);
      failAndRecover(service);
    }
    logger.detachAppender(appender);

    assertThat(appender.list)
        .extracting(event -> event.getFormattedMessage() + " | " + pairs(event))
        .satisfiesExactly(
            failing ->
                assertThat(failing)
                    .isEqualTo(
                        "Writes to table 'events' fail: UNUSABLE,"
                            + " io.batchflow.sql.SqlWriteException | change=failing"
                            + " table=events kind=UNUSABLE"
                            + " error_type=io.batchflow.sql.SqlWriteException"),
            recovered ->
                assertThat(recovered)
                    .startsWith("Writes to table 'events' succeed again, after 1 failures in PT")
                    .matches(".* \\| change=recovered table=events failures=1 lasted_ms=\\d+"),
            closed ->
                assertThat(closed)
                    .isEqualTo(
                        "BatchFlow closed: 2 admitted, 1 written, 1 rejected, 0 invalid, 0 unknown,"
                            + " 0 not sent, 0 withdrawn | change=closed admitted=2 written=1"
                            + " rejected=1 invalid=0 unknown=0 not_sent=0 withdrawn=0"));
  }

  @Test
  void inTheJsonOfSpringBoot() throws IOException, InterruptedException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (Service service = Service.start("--logging.structured.format.console=logstash")) {
      failAndRecover(service);
    } finally {
      System.setOut(console);
    }

    JsonMapper mapper = new JsonMapper();
    List<JsonNode> lines =
        printed
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("{"))
            .map(mapper::readTree)
            .filter(line -> line.path("logger_name").asString().equals(BatchFlow.class.getName()))
            .toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).path("kind").asString()).isEqualTo("UNUSABLE");
    assertThat(lines.get(2).path("rejected").asLong()).isEqualTo(1);
    assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("s3cr3t");
  }
}
