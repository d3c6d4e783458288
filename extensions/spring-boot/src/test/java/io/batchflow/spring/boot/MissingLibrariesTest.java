package io.batchflow.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;

/**
 * An application without some library starts, and has the beans that do not need it. The
 * auto-configurations come from the file of imports, and Spring reads them without loading their
 * classes, as in a real application.
 */
class MissingLibrariesTest {

  private static final List<String> ALL =
      List.of(
          "batchFlow",
          "batchFlowHealthContributor",
          "batchFlowEndpoint",
          "batchFlowMetrics",
          "batchFlowGuardedFlow",
          "observedBatchWriter");

  private final ConnectionFactory database =
      ConnectionFactories.get("r2dbc:h2:mem:///" + UUID.randomUUID());
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withUserConfiguration(Application.class)
          .withPropertyValues(
              "management.endpoints.web.exposure.include=batchflow",
              "batchflow.guard.roles.admin=*")
          .withBean(ConnectionFactory.class, () -> database)
          .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
          .withBean(ObservationRegistry.class, ObservationRegistry::create);

  @Test
  void everythingIsThereWithAllLibraries() {
    runner.run(context -> assertThat(beansOf(context)).isEqualTo(ALL));
  }

  @ParameterizedTest
  @CsvSource({
    "org.springframework.boot.health, batchFlowHealthContributor",
    "org.springframework.boot.actuate, batchFlowEndpoint",
    "io.batchflow.journal, none",
    "io.batchflow.catalog.yaml, none",
    "org.springframework.security, none",
    "io.batchflow.redis, none",
    "io.micrometer.core, batchFlowMetrics",
    "io.micrometer.observation, observedBatchWriter",
    "io.micrometer.tracing, none",
    "io.micrometer, batchFlowMetrics observedBatchWriter",
    "io.r2dbc, batchFlow batchFlowHealthContributor batchFlowEndpoint batchFlowGuardedFlow",
    "io.batchflow.r2dbc, batchFlow batchFlowHealthContributor batchFlowEndpoint"
        + " batchFlowGuardedFlow",
    "org.springframework.web.reactive, none",
  })
  void onlyTheBeansOfAnAbsentLibraryAreMissing(String library, String missing) {
    List<String> without = List.of(missing.split(" ", -1));
    runner
        .withClassLoader(new FilteredClassLoader(library))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(beansOf(context))
                  .isEqualTo(ALL.stream().filter(name -> !without.contains(name)).toList());
            });
  }

  private static List<String> beansOf(AssertableApplicationContext context) {
    return ALL.stream().filter(context::containsBean).toList();
  }

  @Configuration(proxyBeanMethods = false)
  @Import(OwnAutoConfigurations.class)
  static class Application {}

  /** Spring Boot's own stay out: its file still lists those of a library that is hidden. */
  static class OwnAutoConfigurations extends AutoConfigurationImportSelector {

    @Override
    protected List<String> getCandidateConfigurations(
        AnnotationMetadata metadata, @Nullable AnnotationAttributes attributes) {
      return super.getCandidateConfigurations(metadata, attributes).stream()
          .filter(name -> name.startsWith("io.batchflow."))
          .toList();
    }

    @Override
    protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
      return new AnnotationAttributes();
    }

    @Override
    protected Set<String> getExclusions(
        AnnotationMetadata metadata, @Nullable AnnotationAttributes attributes) {
      return Set.of();
    }
  }
}
