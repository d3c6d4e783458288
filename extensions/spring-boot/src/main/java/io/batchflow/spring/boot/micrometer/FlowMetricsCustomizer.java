package io.batchflow.spring.boot.micrometer;

import io.batchflow.BatchFlow;
import io.batchflow.micrometer.FlowMetrics;
import io.batchflow.spring.boot.BatchFlowBuilderCustomizer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;

/** Gives each flow its meters, and removes them when the context closes. */
final class FlowMetricsCustomizer implements BatchFlowBuilderCustomizer, DisposableBean {

  private final MeterRegistry registry;
  private final FlowMetricsFactory factory;
  private final List<FlowMetrics> bound = new CopyOnWriteArrayList<>();

  FlowMetricsCustomizer(MeterRegistry registry, FlowMetricsFactory factory) {
    this.registry = registry;
    this.factory = factory;
  }

  @Override
  public void customize(String flow, BatchFlow.Builder builder) {
    FlowMetrics metrics = factory.create(flow);
    metrics.bindTo(registry);
    bound.add(metrics);
    builder.listener(metrics);
  }

  @Override
  public void destroy() {
    bound.forEach(FlowMetrics::close);
  }
}
