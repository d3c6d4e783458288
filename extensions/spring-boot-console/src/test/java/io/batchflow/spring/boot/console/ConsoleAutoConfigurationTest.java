package io.batchflow.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.BatchWriterFactory;
import io.batchflow.spring.boot.actuate.RecentErrors;
import io.batchflow.test.RecordingWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

class ConsoleAutoConfigurationTest {

  private final ReactiveWebApplicationContextRunner empty =
      new ReactiveWebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ConsoleAutoConfiguration.class));
  private final ReactiveWebApplicationContextRunner runner =
      empty.withBean(BatchFlow.class, () -> BatchFlow.builder(RecordingWriter.create()).build());

  @Test
  void thereIsAPageInAWebFluxApplicationWithAFlow() {
    runner.run(context -> assertThat(context).hasBean("batchFlowConsole"));
    empty.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LiveStream.class));
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(ConsoleAutoConfiguration.class))
        .withBean(BatchFlow.class, () -> BatchFlow.builder(RecordingWriter.create()).build())
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LiveStream.class));
    runner
        .withPropertyValues("batchflow.console.enabled=false")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LiveStream.class));
  }

  @Test
  void beansOfTheApplicationReplaceOurs() {
    RecentErrors errors = new RecentErrors();
    RouterFunction<ServerResponse> page =
        RouterFunctions.route().GET("/own", request -> ServerResponse.ok().build()).build();
    runner
        .withBean("own", RecentErrors.class, () -> errors)
        .withBean("batchFlowConsole", RouterFunction.class, () -> page)
        .run(
            context -> {
              assertThat(context.getBean(RecentErrors.class)).isSameAs(errors);
              assertThat(context.getBean(RouterFunction.class)).isSameAs(page);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"path=batchflow", "path=/", "path=/{flow}", "writeable=true"})
  void aWrongPropertyFailsTheStart(String property) {
    runner
        .withPropertyValues("batchflow.console." + property)
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  void anUnknownPropertyFailsAndNamesTheNearest() {
    empty
        .withConfiguration(AutoConfigurations.of(BatchFlowAutoConfiguration.class))
        .withBean(BatchWriterFactory.class, () -> flow -> RecordingWriter.create())
        .withPropertyValues("batchflow.flows.orders=", "batchflow.console.writeable=true")
        .run(
            context ->
                assertThat(context)
                    .hasFailed()
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("'batchflow.console.writeable'")
                    .hasMessageContaining("'batchflow.console.writable'"));
  }
}
