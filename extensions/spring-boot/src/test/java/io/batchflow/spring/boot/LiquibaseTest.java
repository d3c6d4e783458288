package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class LiquibaseTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  @Test
  void changesAreMadeBeforeTheFlow(@TempDir Path directory) throws IOException {
    Path changes =
        Files.writeString(
            directory.resolve("changes.sql"),
            """
            --liquibase formatted sql
            --changeset events:1
            CREATE TABLE events (id BIGINT);
            """);
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                R2dbcAutoConfiguration.class,
                LiquibaseAutoConfiguration.class,
                BatchFlowAutoConfiguration.class))
        .withPropertyValues(
            "spring.r2dbc.url=r2dbc:h2:mem:///changed?options=DB_CLOSE_DELAY=-1",
            "spring.r2dbc.username=sa",
            "spring.liquibase.url=jdbc:h2:mem:changed;DB_CLOSE_DELAY=-1",
            "spring.liquibase.user=sa",
            "spring.liquibase.analytics-enabled=false",
            "spring.liquibase.change-log=" + changes.toUri())
        .run(
            context -> {
              assertThat(
                      context
                          .getSourceApplicationContext()
                          .getBeanFactory()
                          .getBeanDefinition("batchFlow")
                          .getDependsOn())
                  .contains("liquibase");
              WriteResult stored =
                  context
                      .getBean(BatchFlow.class)
                      .submit(EVENTS.row().set("id", 1L))
                      .block(Duration.ofSeconds(30));
              assertThat(stored).isNotNull();
            });
  }
}
