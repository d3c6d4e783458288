package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/** Adds the actuator endpoint {@code batchflow}. */
@AutoConfiguration(after = BatchFlowAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(BatchFlow.class)
@ConditionalOnAvailableEndpoint(BatchFlowEndpoint.class)
@ImportRuntimeHints(EndpointRuntimeHints.class)
public final class BatchFlowEndpointAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  BatchFlowEndpoint batchFlowEndpoint(Map<String, BatchFlow> flows, RecentErrors errors) {
    return new BatchFlowEndpoint(flows, errors);
  }

  @Bean
  @ConditionalOnMissingBean
  RecentErrors batchFlowRecentErrors() {
    return new RecentErrors();
  }
}
