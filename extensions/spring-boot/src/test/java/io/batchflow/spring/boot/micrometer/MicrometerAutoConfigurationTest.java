package io.batchflow.spring.boot.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Reply;
import io.batchflow.mediator.Mediator;
import io.batchflow.mediator.Request;
import io.batchflow.micrometer.BatchSpanHandler;
import io.batchflow.micrometer.BatchWriteContext;
import io.batchflow.micrometer.FlowMetrics;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.BatchWriterDecorator;
import io.batchflow.spring.boot.mediator.MediatorAutoConfiguration;
import io.batchflow.spring.boot.mediator.MediatorBuilderCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

class MicrometerAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Schema TABLE = Schema.table("sales").columns("id").build();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ObservationRegistry observations = ObservationRegistry.create();
  private final ConnectionFactory database =
      ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID());
  private final ApplicationContextRunner plain =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MetricsAutoConfiguration.class,
                  BatchFlowAutoConfiguration.class,
                  BatchFlowMetricsAutoConfiguration.class,
                  BatchFlowObservationAutoConfiguration.class))
          .withBean(ConnectionFactory.class, () -> database);
  private final ApplicationContextRunner runner =
      plain
          .withBean(MeterRegistry.class, () -> meters)
          .withBean(ObservationRegistry.class, () -> observations);

  @Test
  void bindsTheMetersOfTheFlow() {
    runner.run(
        context -> {
          int capacity = 20_000;
          assertThat(context).hasSingleBean(BatchFlow.class);
          assertThat(meters.get("batchflow.capacity").tag("flow", "batchFlow").gauge().value())
              .isEqualTo(capacity);
        });
  }

  @Test
  void bindsTheMetersOfEachBatchHandlerOfTheMediator() {
    runner
        .withConfiguration(AutoConfigurations.of(MediatorAutoConfiguration.class))
        .withUserConfiguration(Handler.class)
        .withBean(
            MediatorBuilderCustomizer.class,
            () -> mediator -> mediator.flow((handler, flow) -> flow.maxPending(5_000)))
        .run(
            context -> {
              assertThat(context).hasSingleBean(Mediator.class);
              assertThat(meters.get("batchflow.capacity").tag("flow", "Count").gauge().value())
                  .isEqualTo(5_000);
            });
  }

  @Test
  void removesTheMetersWhenTheContextCloses() {
    runner.run(context -> assertThat(context).hasNotFailed());
    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void observesEachWrite() {
    List<String> tables = new CopyOnWriteArrayList<>();
    observations.observationConfig().observationHandler(new TablesOf(tables));
    runner.run(
        context -> {
          // The table is missing, which ends the write and its observation.
          context
              .getBean(BatchFlow.class)
              .submit(TABLE.row().set("id", 1L))
              .onErrorComplete()
              .block(PATIENCE);
          assertThat(tables).contains("sales");
        });
  }

  @Test
  void makesSpansIfThereIsATracer() {
    runner.run(context -> assertThat(context).doesNotHaveBean(BatchSpanHandler.class));
    runner
        .withBean(Tracer.class, () -> Tracer.NOOP)
        .run(context -> assertThat(context).hasSingleBean(BatchSpanHandler.class));
  }

  @Test
  void backsOff() {
    runner
        .withBean(FlowMetricsFactory.class, () -> flow -> FlowMetrics.create("own"))
        .run(
            context ->
                assertThat(meters.get("batchflow.capacity").tag("flow", "own").gauge().value())
                    .isPositive());
    plain.run(
        context ->
            assertThat(context)
                .hasSingleBean(BatchFlow.class)
                .doesNotHaveBean(FlowMetricsFactory.class)
                .doesNotHaveBean(BatchWriterDecorator.class));
    plain
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(BatchFlow.class)
                    .doesNotHaveBean("batchFlowMetrics"));
    runner
        .withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
        .run(context -> assertThat(context).hasSingleBean(BatchWriterDecorator.class));
  }

  record Count(int id) implements Request<Integer> {}

  @Configuration(proxyBeanMethods = false)
  static class Handler {

    @Bean
    BatchHandler<Count, Integer> counter() {
      return counts -> Mono.just(counts.stream().map(count -> Reply.of(count.id())).toList());
    }
  }

  /** Keeps the tables of the observed writes. */
  private record TablesOf(List<String> tables) implements ObservationHandler<BatchWriteContext> {

    @Override
    public void onStop(BatchWriteContext context) {
      tables.add(context.batch().schema().table());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return context instanceof BatchWriteContext;
    }
  }
}
