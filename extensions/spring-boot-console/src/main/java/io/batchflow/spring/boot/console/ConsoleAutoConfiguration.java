package io.batchflow.spring.boot.console;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.actuate.BatchFlowEndpoint;
import io.batchflow.spring.boot.actuate.BatchFlowEndpointAutoConfiguration;
import io.batchflow.spring.boot.actuate.RecentErrors;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Serves the live page of a WebFlux application, on its own port and within its own security. */
@AutoConfiguration(
    after = {BatchFlowAutoConfiguration.class, BatchFlowEndpointAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "batchflow.console.enabled", matchIfMissing = true)
@ConditionalOnBean(BatchFlow.class)
@EnableConfigurationProperties(ConsoleProperties.class)
@ImportRuntimeHints(ConsoleRuntimeHints.class)
public final class ConsoleAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Activities batchFlowActivities() {
    return new Activities();
  }

  @Bean
  @ConditionalOnMissingBean
  RecentErrors batchFlowRecentErrors() {
    return new RecentErrors();
  }

  @Bean
  @ConditionalOnMissingBean
  LiveStream batchFlowLiveStream(
      Map<String, BatchFlow> flows, Activities activities, RecentErrors errors) {
    return LiveStream.eachSecond(new Snapshots(flows, activities, errors));
  }

  @Bean
  @ConditionalOnMissingBean(name = "batchFlowConsole")
  RouterFunction<ServerResponse> batchFlowConsole(
      Map<String, BatchFlow> flows,
      RecentErrors errors,
      LiveStream live,
      ConsoleProperties properties) {
    BatchFlowEndpoint endpoint = new BatchFlowEndpoint(flows, errors);
    return new ConsoleRoutes(ConsoleAssets.load(), live, new ConsoleControl(endpoint), properties)
        .routes();
  }
}
