package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class BatchFlowAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ConnectionFactory database =
      ConnectionFactories.get(
          "r2dbc:h2:mem:///" + UUID.randomUUID() + "?options=DB_CLOSE_DELAY=-1");
  private final Schema events = Schema.table("events").columns("id").build();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BatchFlowAutoConfiguration.class))
          .withBean(ConnectionFactory.class, () -> database);

  @Test
  void storesRowWithoutConfiguration() {
    execute("CREATE TABLE events (id BIGINT PRIMARY KEY)");
    runner.run(
        context -> {
          BatchFlow flow = context.getBean("batchFlow", BatchFlow.class);
          flow.submit(events.row().set("id", 1L)).block(PATIENCE);
          assertThat(count()).isEqualTo(1);
        });
  }

  @Test
  void storesQueuedRowsAtShutdown() {
    execute("CREATE TABLE events (id BIGINT PRIMARY KEY)");
    runner
        .withPropertyValues(
            "batchflow.defaults.policy.max-delay=5s",
            "batchflow.defaults.policy.linger-when-idle=true")
        .run(
            context ->
                context.getBean(BatchFlow.class).submit(events.row().set("id", 1L)).subscribe());
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void storesRowAfterPauseOfContext() {
    execute("CREATE TABLE events (id BIGINT PRIMARY KEY)");
    runner.run(
        context -> {
          ConfigurableApplicationContext running = context.getSourceApplicationContext();
          running.pause();
          running.restart();
          context.getBean(BatchFlow.class).submit(events.row().set("id", 1L)).block(PATIENCE);
          assertThat(count()).isEqualTo(1);
        });
  }

  @Test
  void backsOff() {
    BatchFlow own = BatchFlow.builder(R2dbcBatchWriter.create(database)).build();
    runner
        .withBean("own", BatchFlow.class, () -> own)
        .run(context -> assertThat(context.getBean(BatchFlow.class)).isSameAs(own));
    runner
        .withPropertyValues("batchflow.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(BatchFlow.class));
    runner
        .withClassLoader(new FilteredClassLoader(R2dbcBatchWriter.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BatchFlow.class));
  }

  @Test
  void tooLongCloseTimeoutFailsAndNamesBothKeys() {
    runner
        .withPropertyValues("batchflow.defaults.close-timeout=29s")
        .run(
            context -> {
              FailureAnalysis analysis =
                  new CloseTimeoutFailureAnalyzer().analyze(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains(
                      "batchflow.defaults.close-timeout",
                      "spring.lifecycle.timeout-per-shutdown-phase");
              assertThat(analysis.getAction()).contains("28000 ms");
            });
  }

  private void execute(String sql) {
    Flux.usingWhen(
            database.create(),
            c -> Flux.from(c.createStatement(sql).execute()).concatMap(Result::getRowsUpdated),
            c -> c.close())
        .blockLast(PATIENCE);
  }

  private long count() {
    Long count =
        Mono.usingWhen(
                database.create(),
                c ->
                    Flux.from(c.createStatement("SELECT COUNT(*) FROM events").execute())
                        .concatMap(result -> result.map((row, meta) -> row.get(0, Long.class)))
                        .next(),
                c -> c.close())
            .block(PATIENCE);
    return count == null ? -1 : count;
  }
}
