package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;

/**
 * Changes the builders of the auto-configured flows, after the properties were applied. Beans of
 * this type are called in their order.
 */
@FunctionalInterface
public interface BatchFlowBuilderCustomizer {

  /**
   * Sets options for which there is no property, such as listeners.
   *
   * @param flow the name of the flow's bean
   */
  void customize(String flow, BatchFlow.Builder builder);
}
