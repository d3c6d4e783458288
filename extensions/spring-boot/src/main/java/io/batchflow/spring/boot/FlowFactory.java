package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import java.util.List;
import org.springframework.core.env.Environment;

/** Builds the auto-configured flows. */
final class FlowFactory {

  private final BatchFlowProperties properties;
  private final BatchWriterFactory writers;
  private final Environment environment;
  private final List<BatchWriterDecorator> decorators;
  private final List<BatchFlowBuilderCustomizer> customizers;

  FlowFactory(
      BatchFlowProperties properties,
      BatchWriterFactory writers,
      Environment environment,
      List<BatchWriterDecorator> decorators,
      List<BatchFlowBuilderCustomizer> customizers) {
    this.properties = properties;
    this.writers = writers;
    this.environment = environment;
    this.decorators = decorators;
    this.customizers = customizers;
  }

  BatchFlow create(String name) {
    BatchWriter writer = writers.create(name);
    for (BatchWriterDecorator decorator : decorators) {
      writer = decorator.decorate(name, writer);
    }
    BatchFlow.Builder builder = BatchFlow.builder(writer);
    properties.defaults().applyTo(builder);
    builder.closeTimeout(CloseTimeout.of(properties.defaults().closeTimeout(), environment));
    customizers.forEach(customizer -> customizer.customize(name, builder));
    return builder.build();
  }
}
