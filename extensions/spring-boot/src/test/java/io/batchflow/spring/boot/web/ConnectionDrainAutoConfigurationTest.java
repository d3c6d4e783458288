package io.batchflow.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

class ConnectionDrainAutoConfigurationTest {

  private static final String DRAIN = "batchFlowConnectionDrain";

  private final ReactiveWebApplicationContextRunner runner =
      new ReactiveWebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ConnectionDrainAutoConfiguration.class));

  @Test
  void aServerThatStopsInOrderHasADrain() {
    runner.run(context -> assertThat(context).hasBean(DRAIN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server.shutdown=immediate",
        "server.http2.enabled=true",
        "batchflow.enabled=false"
      })
  void aServerThatStopsOtherwiseHasNone(String property) {
    runner
        .withPropertyValues(property)
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DRAIN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reactor.netty",
        "org.springframework.boot.reactor.netty",
        "org.springframework.web.reactive"
      })
  void anotherServerHasNone(String library) {
    runner
        .withClassLoader(new FilteredClassLoader(library))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DRAIN));
  }
}
