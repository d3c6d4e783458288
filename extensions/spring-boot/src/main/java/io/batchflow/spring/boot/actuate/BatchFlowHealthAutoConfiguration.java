package io.batchflow.spring.boot.actuate;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeReactiveHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Reports the health of all flows as {@code batchFlow}. Several flows make one composite, in which
 * each has the name of its bean.
 */
@AutoConfiguration(after = BatchFlowAutoConfiguration.class)
@ConditionalOnClass({
  ReactiveHealthContributor.class,
  CompositeReactiveHealthContributorConfiguration.class
})
@ConditionalOnBean(BatchFlow.class)
@ConditionalOnEnabledHealthIndicator("batchflow")
@ImportRuntimeHints(HealthRuntimeHints.class)
public final class BatchFlowHealthAutoConfiguration
    extends CompositeReactiveHealthContributorConfiguration<FlowHealthIndicator, BatchFlow> {

  BatchFlowHealthAutoConfiguration() {
    super(FlowHealthIndicator::new);
  }

  @Bean
  @ConditionalOnMissingBean(name = {"batchFlowHealthIndicator", "batchFlowHealthContributor"})
  ReactiveHealthContributor batchFlowHealthContributor(ConfigurableListableBeanFactory beans) {
    return createContributor(beans, BatchFlow.class);
  }
}
