package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;
import java.util.List;
import java.util.Objects;

/** Makes the writer of the backend that the properties of a flow name. */
final class DefaultBatchWriterFactory implements BatchWriterFactory {

  private final BatchFlowProperties properties;
  private final List<BackendWriters> writers;

  DefaultBatchWriterFactory(BatchFlowProperties properties, List<BackendWriters> writers) {
    this.properties = properties;
    this.writers = List.copyOf(writers);
  }

  @Override
  public BatchWriter create(String flow) {
    FlowSettings settings = FlowSettings.of(flow, properties);
    Backend backend =
        Objects.requireNonNullElse(settings.option(FlowProperties::backend), Backend.R2DBC);
    return writers.stream()
        .filter(candidate -> candidate.backend() == backend)
        .findFirst()
        .orElseThrow(() -> missing(flow, backend))
        .create(flow, settings.option(FlowProperties::bean));
  }

  private static FlowStartException missing(String flow, Backend backend) {
    return new FlowStartException(
        "The libraries of the backend %s of the flow '%s' are missing.".formatted(backend, flow),
        "Add the dependency io.batchflow:%s and the driver, or set another 'batchflow.flows.%s.backend'."
            .formatted(backend.artifact, flow),
        null);
  }
}
