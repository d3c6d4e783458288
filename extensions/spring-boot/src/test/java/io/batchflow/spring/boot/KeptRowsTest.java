package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.OutcomeStatus;
import io.batchflow.RowRejectedException;
import io.batchflow.Schema;
import io.batchflow.audit.AuditRecord;
import io.batchflow.audit.TableAuditRecord;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.test.StepVerifier;

/** Dead letters and the audit. */
class KeptRowsTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  private final TestDatabase database =
      TestDatabase.create("CREATE TABLE events (id BIGINT PRIMARY KEY)");
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BatchFlowAutoConfiguration.class))
          .withBean(ConnectionFactory.class, database::connections)
          .withPropertyValues("batchflow.flows.orders.max-wait=1s");

  @Test
  void rejectedRowsAreKeptInTheFileOfTheirFlow(@TempDir Path directory) {
    runner
        .withPropertyValues(
            "batchflow.defaults.dead-letters.directory=" + directory,
            "batchflow.defaults.dead-letters.max-file-size=1MB")
        .run(
            context -> {
              BatchFlow flow = context.getBean(BatchFlow.class);
              flow.submit(EVENTS.row().set("id", 1L)).block(Duration.ofSeconds(30));
              StepVerifier.create(flow.submit(EVENTS.row().set("id", 1L)))
                  .expectError(RowRejectedException.class)
                  .verify(Duration.ofSeconds(30));
              assertThat(Files.readAllLines(directory.resolve("orders.jsonl"))).hasSize(1);
            });
  }

  @Test
  void dropsNoRowsIfTheLibraryOfDeadLettersIsMissing(@TempDir Path directory) {
    runner
        .withClassLoader(new FilteredClassLoader("io.batchflow.deadletter"))
        .withPropertyValues("batchflow.defaults.dead-letters.directory=" + directory)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("batchflow-reactive-deadletter"));
  }

  @Test
  void aLineOfTheAuditTellsWhoChangedATable() {
    TableAuditRecord entry =
        new TableAuditRecord(
            Instant.EPOCH,
            "events",
            "policy",
            "eve\n\" success=true",
            "maxSize: 1000 -> 5",
            7,
            25,
            false,
            "io.Refused");
    assertThat(AuditLog.line("orders", entry))
        .isEqualTo(
            "flow=orders timestamp=1970-01-01T00:00:00Z table=events operation=policy"
                + " user=\"eve\\\\u000a\\\" success=true\" details=\"maxSize: 1000 -> 5\" duration_ms=7"
                + " record_count=25 success=false error=io.Refused");
  }

  @Test
  void aLineOfTheAuditHasNoValuesOfRows() {
    AuditRecord entry =
        new AuditRecord(
            Instant.EPOCH,
            "orders",
            "events",
            ConflictStrategy.UPDATE,
            5,
            1,
            2,
            3,
            Duration.ofMillis(7),
            OutcomeStatus.WRITTEN,
            "java.io.IOException",
            List.of());
    assertThat(AuditLog.line(entry))
        .isEqualTo(
            "flow=orders table=events operation=UPDATE status=WRITTEN rows=5 deletes=1 rejected=2"
                + " attempts=3 tookMillis=7 error=java.io.IOException");
  }
}
