package io.batchflow.spring.boot.micrometer;

import io.batchflow.BatchWriter;
import io.batchflow.micrometer.ObservedBatchWriter;
import io.batchflow.spring.boot.BatchWriterDecorator;
import io.micrometer.observation.ObservationRegistry;

/** Observes each write. */
record ObservedWriters(ObservationRegistry registry) implements BatchWriterDecorator {

  @Override
  public BatchWriter decorate(String flow, BatchWriter writer) {
    return ObservedBatchWriter.create(writer, registry);
  }
}
