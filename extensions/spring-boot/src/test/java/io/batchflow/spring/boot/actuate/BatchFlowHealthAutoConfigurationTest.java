package io.batchflow.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributors;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

class BatchFlowHealthAutoConfigurationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CONTRIBUTOR = "batchFlowHealthContributor";

  private final RecordingWriter writer = RecordingWriter.create();
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(BatchFlowHealthAutoConfiguration.class))
          .withBean("orders", BatchFlow.class, () -> BatchFlow.builder(writer).build());

  @Test
  void reportsTheHealthOfTheOnlyFlow() {
    runner.run(
        context -> {
          Health health = healthOf(context.getBean(CONTRIBUTOR, ReactiveHealthIndicator.class));
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails()).containsKeys("reasons", "ledger", "oldestAge");
        });
  }

  @Test
  void reportsWhyAFlowIsDegradedWithoutValuesOfRows() {
    Schema table = Schema.table("sales").columns("id").build();
    writer.failing(1, RecordingWriter.failure(FailureKind.UNUSABLE));
    runner.run(
        context -> {
          context
              .getBean(BatchFlow.class)
              .submit(table.row().set("id", "s3cr3t"))
              .onErrorComplete()
              .block(PATIENCE);
          Health health = healthOf(context.getBean(CONTRIBUTOR, ReactiveHealthIndicator.class));
          assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED");
          assertThat(health.getDetails()).containsKey("failingSince");
          assertThat(health.getDetails().toString())
              .contains("BACKEND_FAILING", "sales")
              .doesNotContain("s3cr3t");
        });
  }

  @Test
  void namesEachOfSeveralFlowsByItsBean() {
    runner
        .withBean(
            "events", BatchFlow.class, () -> BatchFlow.builder(RecordingWriter.create()).build())
        .run(
            context ->
                assertThat(context.getBean(CONTRIBUTOR, CompositeReactiveHealthContributor.class))
                    .extracting(ReactiveHealthContributors.Entry::name)
                    .containsExactlyInAnyOrder("orders", "events"));
  }

  @Test
  void backsOff() {
    runner
        .withPropertyValues("management.health.batchflow.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(CONTRIBUTOR));
    ReactiveHealthContributor own = (ReactiveHealthIndicator) () -> null;
    runner
        .withBean("batchFlowHealthIndicator", ReactiveHealthContributor.class, () -> own)
        .run(context -> assertThat(context).doesNotHaveBean(CONTRIBUTOR));
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(BatchFlowHealthAutoConfiguration.class))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CONTRIBUTOR));
  }

  @Test
  void ranksDegradedBetweenDownAndUpUnlessTheApplicationOrdersStatuses() {
    Status degraded = new Status("DEGRADED");
    try (ConfigurableApplicationContext context = start()) {
      StatusAggregator order = context.getBean(StatusAggregator.class);
      assertThat(order.getAggregateStatus(Status.UP, degraded)).isEqualTo(degraded);
      assertThat(order.getAggregateStatus(Status.DOWN, degraded)).isEqualTo(Status.DOWN);
    }
    try (ConfigurableApplicationContext context =
        start("--management.endpoint.health.status.order=up,degraded")) {
      StatusAggregator order = context.getBean(StatusAggregator.class);
      assertThat(order.getAggregateStatus(Status.UP, degraded)).isEqualTo(Status.UP);
    }
  }

  private static Health healthOf(ReactiveHealthIndicator indicator) {
    return Objects.requireNonNull(indicator.health().block(PATIENCE));
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    SpringApplication application =
        new SpringApplicationBuilder(HealthOnly.class).web(WebApplicationType.NONE).application();
    return application.run(arguments);
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    HealthContributorRegistryAutoConfiguration.class,
    HealthEndpointAutoConfiguration.class
  })
  static class HealthOnly {}
}
