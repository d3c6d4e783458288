package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

class BatchFlowWebAutoConfigurationTest {

  private static final AutoConfigurations CONFIGURATIONS =
      AutoConfigurations.of(BatchFlowWebAutoConfiguration.class, JacksonAutoConfiguration.class);

  private final ReactiveWebApplicationContextRunner runner =
      new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

  @Test
  void allBeansAreThere() {
    runner.run(
        context ->
            assertThat(context)
                .hasSingleBean(FlowResponses.class)
                .hasSingleBean(FlowProblemHandler.class)
                .hasSingleBean(NdjsonIngest.class));
  }

  @Test
  void theyBackOff() {
    FlowResponses own = FlowResponses.create(Duration.ofSeconds(9));
    NdjsonIngest ingest =
        new NdjsonIngest(
            JsonMapper.shared(),
            own,
            new NdjsonProperties(
                org.springframework.util.unit.DataSize.ofKilobytes(1),
                org.springframework.util.unit.DataSize.ofKilobytes(1),
                1,
                1,
                Duration.ofSeconds(1)));
    runner
        .withBean("own", FlowResponses.class, () -> own)
        .withBean("ingest", NdjsonIngest.class, () -> ingest)
        .run(
            context -> {
              assertThat(context.getBean(FlowResponses.class)).isSameAs(own);
              assertThat(context.getBean(NdjsonIngest.class)).isSameAs(ingest);
            });
    runner
        .withPropertyValues("batchflow.web.problems=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(FlowProblemHandler.class)
                    .hasSingleBean(NdjsonIngest.class));
    runner
        .withPropertyValues("batchflow.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(FlowResponses.class));
  }

  @Test
  void withoutJacksonOnlyTheIngestIsMissing() {
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(BatchFlowWebAutoConfiguration.class))
        .withClassLoader(new FilteredClassLoader("tools.jackson"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(FlowProblemHandler.class)
                    .doesNotHaveBean(NdjsonIngest.class));
  }

  @Test
  void withoutWebFluxNoneIsThere() {
    runner
        .withClassLoader(new FilteredClassLoader("org.springframework.web.reactive"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FlowResponses.class));
    new ApplicationContextRunner()
        .withConfiguration(CONFIGURATIONS)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(FlowResponses.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batchflow.web.ndjson.max-line-size=0",
        "batchflow.web.ndjson.max-line-size=2GB",
        "batchflow.web.ndjson.max-body-size=0",
        "batchflow.web.ndjson.max-depth=0",
        "batchflow.web.ndjson.max-problems=-1",
        "batchflow.web.ndjson.line-timeout=0",
        "batchflow.web.retry-after=-1s",
        "batchflow.web.drain-time=-1s"
      })
  void aLimitOutOfRangeFailsTheStartAndIsNamed(String property) {
    runner
        .withPropertyValues(property)
        .run(
            context ->
                assertThat(context)
                    .hasFailed()
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(property.substring(0, property.indexOf('='))));
  }
}
