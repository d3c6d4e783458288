package io.batchflow.spring.boot.journal;

import io.batchflow.journal.JournaledFlow;

/**
 * Changes the journals of the auto-configured flows before they are opened, for instance to learn
 * the outcomes of rows of an earlier process. Beans of this type are called in their order.
 */
@FunctionalInterface
public interface JournalCustomizer {

  /**
   * Sets options for which there is no property.
   *
   * @param flow the name of the flow's bean
   */
  void customize(String flow, JournaledFlow.Builder builder);
}
