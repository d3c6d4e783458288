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

/** What a flow logs arrives with its keys: in Logback, and in the JSON that Spring Boot makes. */
class LogKeysTest {

  private static void failOnce(Service service) throws IOException, InterruptedException {
    service.sql("ALTER TABLE events RENAME TO lost");
    service.post(
        "/events", "application/json", "{\"id\":1,\"source\":\"web\",\"kind\":\"s3cr3t\"}");
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
      failOnce(service);
    }
    logger.detachAppender(appender);

    assertThat(appender.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "Writes to table 'events' fail: PERMANENT, io.batchflow.sql.SqlWriteException",
            "BatchFlow closed: 1 admitted, 0 written, 1 refused, 0 unknown, 0 not sent,"
                + " 0 withdrawn");
    assertThat(appender.list)
        .extracting(LogKeysTest::pairs)
        .containsExactly(
            "change=failing schema=events kind=PERMANENT"
                + " error_type=io.batchflow.sql.SqlWriteException",
            "change=closed admitted=1 written=0 refused=1 unknown=0 not_sent=0 withdrawn=0");
  }

  @Test
  void inTheJsonOfSpringBoot() throws IOException, InterruptedException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (Service service = Service.start("--logging.structured.format.console=logstash")) {
      failOnce(service);
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
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).path("kind").asString()).isEqualTo("PERMANENT");
    assertThat(lines.get(1).path("refused").asLong()).isEqualTo(1);
    assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("s3cr3t");
  }
}
