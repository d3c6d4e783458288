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
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class FlywayTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  @Test
  void migrationsRunBeforeTheFlowIsMade(@TempDir Path migrations) throws IOException {
    Files.writeString(migrations.resolve("V1__events.sql"), "CREATE TABLE events (id BIGINT);");
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                R2dbcAutoConfiguration.class,
                FlywayAutoConfiguration.class,
                BatchFlowAutoConfiguration.class))
        .withPropertyValues(
            "spring.r2dbc.url=r2dbc:h2:mem:///migrated?options=DB_CLOSE_DELAY=-1",
            "spring.r2dbc.username=sa",
            "spring.flyway.url=jdbc:h2:mem:migrated;DB_CLOSE_DELAY=-1",
            "spring.flyway.user=sa",
            "spring.flyway.locations=filesystem:" + migrations)
        .run(
            context -> {
              assertThat(
                      context
                          .getSourceApplicationContext()
                          .getBeanFactory()
                          .getBeanDefinition("batchFlow")
                          .getDependsOn())
                  .contains("flywayInitializer");
              WriteResult stored =
                  context
                      .getBean(BatchFlow.class)
                      .submit(EVENTS.row().set("id", 1L))
                      .block(Duration.ofSeconds(30));
              assertThat(stored).isNotNull();
            });
  }
}
