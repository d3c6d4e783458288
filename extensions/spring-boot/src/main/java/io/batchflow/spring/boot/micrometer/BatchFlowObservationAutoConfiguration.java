package io.batchflow.spring.boot.micrometer;

import io.batchflow.micrometer.BatchSpanHandler;
import io.batchflow.spring.boot.BatchFlowAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Observes each write of the auto-configured flows, and makes a span of it if there is a tracer.
 */
@AutoConfiguration(
    before = BatchFlowAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
      "org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration",
      "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure"
          + ".OpenTelemetryTracingAutoConfiguration",
      "org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration"
    })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
public final class BatchFlowObservationAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  ObservedWriters observedBatchWriter(ObservationRegistry registry) {
    return new ObservedWriters(registry);
  }

  /** Apart, since a project without tracing must not load the type. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(Tracer.class)
  @ConditionalOnBean(Tracer.class)
  static final class Spans {

    // Only the first handler that supports an Observation is called.
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean
    BatchSpanHandler batchSpanHandler(Tracer tracer) {
      return BatchSpanHandler.create(tracer);
    }
  }
}
