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
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Flyway and Liquibase run before a flow is made, which then finds its tables. */
class MigrationsTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();
  private static final String CREATE = "CREATE TABLE events (id BIGINT);";

  @TempDir private Path directory;

  @Test
  void flywayMigratesBeforeTheFlowIsMade() throws IOException {
    Files.writeString(directory.resolve("V1__events.sql"), CREATE);

    assertStoresARow(
        FlywayAutoConfiguration.class,
        "flywayInitializer",
        "spring.flyway.url=jdbc:h2:mem:flywayInitializer;DB_CLOSE_DELAY=-1",
        "spring.flyway.user=sa",
        "spring.flyway.locations=filesystem:" + directory);
  }

  @Test
  void liquibaseChangesTheDatabaseBeforeTheFlowIsMade() throws IOException {
    Path changes =
        Files.writeString(
            directory.resolve("changes.sql"),
            "--liquibase formatted sql\n--changeset events:1\n" + CREATE);

    assertStoresARow(
        LiquibaseAutoConfiguration.class,
        "liquibase",
        "spring.liquibase.url=jdbc:h2:mem:liquibase;DB_CLOSE_DELAY=-1",
        "spring.liquibase.user=sa",
        "spring.liquibase.analytics-enabled=false",
        "spring.liquibase.change-log=" + changes.toUri());
  }

  /**
   * Starts an application whose database is changed by a bean.
   *
   * @param initializer the name of the bean, and of the database
   */
  private static void assertStoresARow(
      Class<?> migration, String initializer, String... properties) {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                R2dbcAutoConfiguration.class, migration, BatchFlowAutoConfiguration.class))
        .withPropertyValues(
            "spring.r2dbc.url=r2dbc:h2:mem:///" + initializer + "?options=DB_CLOSE_DELAY=-1",
            "spring.r2dbc.username=sa")
        .withPropertyValues(properties)
        .run(
            context -> {
              assertThat(
                      context
                          .getSourceApplicationContext()
                          .getBeanFactory()
                          .getBeanDefinition("batchFlow")
                          .getDependsOn())
                  .contains(initializer);
              WriteResult stored =
                  context
                      .getBean(BatchFlow.class)
                      .submit(EVENTS.row().set("id", 1L))
                      .block(Duration.ofSeconds(30));
              assertThat(stored).isNotNull();
            });
  }
}
