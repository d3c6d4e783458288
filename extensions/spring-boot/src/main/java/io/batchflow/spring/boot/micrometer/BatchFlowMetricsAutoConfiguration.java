package io.batchflow.spring.boot.micrometer;

import io.batchflow.mediator.Mediator;
import io.batchflow.micrometer.FlowMetrics;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.batchflow.spring.boot.mediator.MediatorBuilderCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Gives each auto-configured flow its meters, with the name of its bean as the tag {@code flow},
 * and each batch handler of the mediator those of its flow.
 */
@AutoConfiguration(
    before = BatchFlowAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure"
            + ".CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
public final class BatchFlowMetricsAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  FlowMetricsFactory batchFlowMetricsFactory() {
    return FlowMetrics::create;
  }

  @Bean
  @ConditionalOnMissingBean
  FlowMetricsCustomizer batchFlowMetrics(MeterRegistry registry, FlowMetricsFactory factory) {
    return new FlowMetricsCustomizer(registry, factory);
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(Mediator.class)
  static class OfTheMediator {

    /** The flow of a batch handler has the name of the handler. */
    @Bean
    @ConditionalOnMissingBean(name = "batchFlowMediatorMetrics")
    MediatorBuilderCustomizer batchFlowMediatorMetrics(FlowMetricsCustomizer metrics) {
      return mediator -> mediator.flow(metrics::customize);
    }
  }
}
