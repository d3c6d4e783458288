package io.batchflow.spring.boot.micrometer;

import io.batchflow.micrometer.FlowMetrics;

/**
 * Makes the meters of the auto-configured flows. A bean of this type replaces the default one, for
 * instance to publish percentile histograms.
 */
@FunctionalInterface
public interface FlowMetricsFactory {

  /**
   * Returns new meters, which are bound to the registry of the application.
   *
   * @param flow the name of the flow's bean
   */
  FlowMetrics create(String flow);
}
