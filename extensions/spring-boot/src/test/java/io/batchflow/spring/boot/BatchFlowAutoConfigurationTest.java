package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class BatchFlowAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestDatabase database =
      TestDatabase.create("CREATE TABLE events (id BIGINT PRIMARY KEY)");
  private final Schema events = Schema.table("events").columns("id").build();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BatchFlowAutoConfiguration.class))
          .withBean(ConnectionFactory.class, database::connections);

  @Test
  void storesRowWithoutConfiguration() {
    runner.run(
        context -> {
          BatchFlow flow = context.getBean("batchFlow", BatchFlow.class);
          flow.submit(events.row().set("id", 1L)).block(PATIENCE);
          assertThat(database.count("events")).isEqualTo(1);
        });
  }

  @Test
  void storesQueuedRowsAtShutdown() {
    runner
        .withPropertyValues(
            "batchflow.defaults.policy.max-delay=5s",
            "batchflow.defaults.policy.linger-when-idle=true")
        .run(
            context ->
                context.getBean(BatchFlow.class).submit(events.row().set("id", 1L)).subscribe());
    assertThat(database.count("events")).isEqualTo(1);
  }

  @Test
  void storesRowAfterPauseOfContext() {
    runner.run(
        context -> {
          ConfigurableApplicationContext running = context.getSourceApplicationContext();
          running.pause();
          running.restart();
          context.getBean(BatchFlow.class).submit(events.row().set("id", 1L)).block(PATIENCE);
          assertThat(database.count("events")).isEqualTo(1);
        });
  }

  @Test
  void writerWritesInTransactionOfCaller() {
    runner.run(
        context -> {
          R2dbcBatchWriter writer = context.getBean(R2dbcBatchWriter.class);
          Flux.usingWhen(
                  database.connections().create(),
                  connection ->
                      Mono.from(connection.beginTransaction())
                          .thenMany(writer.write(connection, Flux.just(events.row().set("id", 1L))))
                          .concatWith(Mono.from(connection.commitTransaction()).then(Mono.empty())),
                  Connection::close)
              .blockLast(PATIENCE);
          assertThat(database.count("events")).isEqualTo(1);
        });
  }

  @Test
  void backsOff() {
    BatchFlow own = BatchFlow.builder(R2dbcBatchWriter.create(database.connections())).build();
    runner
        .withBean("own", BatchFlow.class, () -> own)
        .run(context -> assertThat(context.getBean(BatchFlow.class)).isSameAs(own));
    R2dbcBatchWriter writer = R2dbcBatchWriter.create(database.connections());
    runner
        .withBean("writer", R2dbcBatchWriter.class, () -> writer)
        .run(context -> assertThat(context.getBean(R2dbcBatchWriter.class)).isSameAs(writer));
    runner
        .withPropertyValues("batchflow.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(BatchFlow.class));
    runner
        .withClassLoader(new FilteredClassLoader(R2dbcBatchWriter.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BatchFlow.class));
  }
}
