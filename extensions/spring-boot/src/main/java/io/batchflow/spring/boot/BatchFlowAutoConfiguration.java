package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Makes one flow from the {@code ConnectionFactory} of the application, and closes all flows of the
 * application at shutdown.
 */
@AutoConfiguration(
    afterName = "org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration")
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
@EnableConfigurationProperties(BatchFlowProperties.class)
@Import(R2dbcWriterConfiguration.class)
public final class BatchFlowAutoConfiguration {

  @Bean
  @ConditionalOnBean(BatchWriterFactory.class)
  @ConditionalOnMissingBean(BatchFlow.class)
  BatchFlow batchFlow(
      BatchFlowProperties properties,
      BatchWriterFactory writers,
      Environment environment,
      ObjectProvider<BatchWriterDecorator> decorators,
      ObjectProvider<BatchFlowBuilderCustomizer> customizers) {
    FlowFactory factory =
        new FlowFactory(
            properties,
            writers,
            environment,
            decorators.orderedStream().toList(),
            customizers.orderedStream().toList());
    return factory.create("batchFlow");
  }

  @Bean
  @ConditionalOnBean(BatchFlow.class)
  @ConditionalOnMissingBean
  FlowLifecycle batchFlowLifecycle(Map<String, BatchFlow> flows) {
    return new FlowLifecycle(flows);
  }
}
