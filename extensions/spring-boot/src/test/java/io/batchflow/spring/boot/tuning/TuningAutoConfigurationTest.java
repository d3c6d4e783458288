package io.batchflow.spring.boot.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.TestDatabase;
import io.batchflow.tuning.SelfTuner;
import io.batchflow.tuning.TuningState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;

class TuningAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestDatabase database = TestDatabase.create();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MetricsAutoConfiguration.class,
                  BatchFlowAutoConfiguration.class,
                  TuningAutoConfiguration.class))
          .withBean(MeterRegistry.class, () -> meters)
          .withBean(ConnectionFactory.class, database::connections);

  private static void await(BatchFlow flow, Predicate<BatchPolicy> expected) {
    Flux.interval(Duration.ofMillis(20))
        .map(tick -> flow.control("orders").policy())
        .filter(expected)
        .blockFirst(PATIENCE);
  }

  @Test
  void noTableTunesItselfUnasked() {
    runner
        .withPropertyValues("batchflow.tuning.tables.orders.max-rows=10")
        .run(
            context -> {
              assertThat(context.getBean(FlowTuners.class).all()).isEmpty();
              assertThat(context.getBean(BatchFlow.class).control("orders").policy().maxSize())
                  .isEqualTo(1_000);
            });
  }

  @Test
  void aTableTunesItselfWithinTheBoundsOfItsProperties() {
    runner
        .withPropertyValues(
            "batchflow.tuning.tables.orders.enabled=true",
            "batchflow.tuning.tables.orders.min-rows=20",
            "batchflow.tuning.tables.orders.max-rows=200",
            "batchflow.tuning.tables.orders.max-bytes=1MB",
            "batchflow.tuning.tables.orders.min-slots=1",
            "batchflow.tuning.tables.orders.max-slots=2",
            "batchflow.tuning.tables.orders.latency-target=100ms",
            "batchflow.tuning.tables.orders.period=50ms")
        .run(
            context -> {
              BatchFlow flow = context.getBean(BatchFlow.class);
              await(flow, policy -> policy.maxSize() == 200 && policy.concurrency() == 2);
              assertThat(flow.control("orders").policy().maxBytes()).isEqualTo(1L << 20);
              SelfTuner tuner = context.getBean(FlowTuners.class).all().get("batchFlow");
              assertThat(tuner).isNotNull();
              assertThat(tuner.tables()).containsExactly("orders");
              assertThat(tuner.state("orders"))
                  .returns(200, TuningState::rows)
                  .returns(2, TuningState::slots);
              assertThat(
                      meters
                          .get("batchflow.tuning.rows")
                          .tags("flow", "batchFlow", "table", "orders")
                          .gauge()
                          .value())
                  .isEqualTo(200);
              context.close();
              assertThat(tuner.isDisposed()).isTrue();
            });
  }

  @Test
  void onlyTheFlowsOfThePropertiesHaveTuners() {
    runner
        .withPropertyValues(
            "batchflow.flows.first.concurrency=2",
            "batchflow.flows.second.concurrency=2",
            "batchflow.tuning.flows=second",
            "batchflow.tuning.tables.orders.enabled=true")
        .run(
            context ->
                assertThat(context.getBean(FlowTuners.class).all()).containsOnlyKeys("second"));
  }

  @Test
  void boundsThatCannotBeFailTheStart() {
    runner
        .withPropertyValues(
            "batchflow.tuning.tables.orders.enabled=true",
            "batchflow.tuning.tables.orders.min-rows=20",
            "batchflow.tuning.tables.orders.max-rows=10")
        .run(
            context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("from 20 to 10"));
  }

  @Test
  void metersAreNotNeeded() {
    runner
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .withPropertyValues("batchflow.tuning.tables.orders.enabled=true")
        .run(context -> assertThat(context.getBean(FlowTuners.class).all()).hasSize(1));
  }
}
