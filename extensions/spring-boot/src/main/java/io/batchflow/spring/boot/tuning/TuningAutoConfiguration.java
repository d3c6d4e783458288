package io.batchflow.spring.boot.tuning;

import io.batchflow.BatchFlow;
import io.batchflow.micrometer.TuningMetrics;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets the tables of {@code batchflow.tuning.tables} tune themselves, in the auto-configured flows,
 * and registers gauges of what was found.
 */
@AutoConfiguration(after = BatchFlowAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "batchflow.enabled", matchIfMissing = true)
@ConditionalOnBean(BatchFlow.class)
@EnableConfigurationProperties(TuningProperties.class)
public final class TuningAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  FlowTuners batchFlowTuners(TuningProperties properties) {
    return new FlowTuners(properties);
  }

  @Bean
  @ConditionalOnMissingBean
  TuningLifecycle batchFlowTuningLifecycle(Map<String, BatchFlow> flows, FlowTuners tuners) {
    return new TuningLifecycle(flows, tuners);
  }

  /** Apart, since a project without Micrometer must not load the type. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static final class Meters {

    /** Flows and tuners are made before the registries are bound. */
    @Bean
    @ConditionalOnMissingBean(name = "batchFlowTuningMeters")
    MeterBinder batchFlowTuningMeters(FlowTuners tuners) {
      return registry ->
          tuners.all().forEach((flow, tuner) -> TuningMetrics.create(flow, tuner).bindTo(registry));
    }
  }
}
