package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;

/** Makes the writers of the auto-configured flows. A bean of this type replaces the default one. */
@FunctionalInterface
public interface BatchWriterFactory {

  /**
   * Returns a new writer, which the flow will close.
   *
   * @param flow the name of the flow's bean
   */
  BatchWriter create(String flow);
}
