package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;

/**
 * Wraps the writers of the auto-configured flows, to observe or change their writes. Beans of this
 * type are called in their order; the last one is the outermost.
 */
@FunctionalInterface
public interface BatchWriterDecorator {

  /**
   * Returns the writer that the flow uses instead.
   *
   * @param flow the name of the flow's bean
   * @see BatchWriter#decorate
   */
  BatchWriter decorate(String flow, BatchWriter writer);
}
