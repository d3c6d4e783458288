package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.lifecycle.ClosingLifecycle;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import reactor.core.publisher.Mono;

/**
 * Makes the flows that the properties name, or else one from the {@code ConnectionFactory} of the
 * application. Closes all flows of the application at shutdown.
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"
    })
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
@EnableConfigurationProperties(BatchFlowProperties.class)
@Import({
  R2dbcWriterConfiguration.class,
  JdbcWriterConfiguration.class,
  RedisWriterConfiguration.class,
  DeadLetterConfiguration.class,
  NamedFlows.Beans.class
})
public final class BatchFlowAutoConfiguration {

  // Before the default factory, which would count as one of the application.
  @Bean
  @Conditional(OnDatabaseCondition.class)
  @ConditionalOnMissingBean(BatchFlow.class)
  BatchFlow batchFlow(FlowFactory factory) {
    return factory.create("batchFlow");
  }

  @Bean
  @ConditionalOnMissingBean
  BatchWriterFactory batchWriterFactory(
      BatchFlowProperties properties, ObjectProvider<BackendWriters> writers) {
    return new DefaultBatchWriterFactory(properties, writers.stream().toList());
  }

  @Bean
  @ConditionalOnMissingBean
  AuditLog batchFlowAuditLog(BatchFlowProperties properties) {
    return new AuditLog(properties);
  }

  @Bean
  @ConditionalOnMissingBean
  FlowFactory batchFlowFactory(
      BatchFlowProperties properties,
      BatchWriterFactory writers,
      ConfigurableEnvironment environment,
      ListableBeanFactory beans,
      ObjectProvider<BatchWriterDecorator> decorators,
      ObjectProvider<BatchFlowBuilderCustomizer> customizers) {
    UnknownProperties.check(environment, beans);
    return new FlowFactory(
        properties,
        writers,
        environment,
        decorators.orderedStream().toList(),
        customizers.orderedStream().toList());
  }

  @Bean
  @ConditionalOnBean(BatchFlow.class)
  @ConditionalOnMissingBean(name = "batchFlowLifecycle")
  ClosingLifecycle batchFlowLifecycle(Map<String, BatchFlow> flows) {
    Map<String, Mono<Void>> closes = new HashMap<>();
    flows.forEach((name, flow) -> closes.put("flow '" + name + "'", Mono.defer(flow::close)));
    return new ClosingLifecycle(ClosingLifecycle.FLOWS, closes);
  }
}
