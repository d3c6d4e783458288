package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/** Builds the auto-configured flows. */
final class FlowFactory {

  private static final String DEAD_LETTER_FILE = "io.batchflow.deadletter.DeadLetterFile";

  private final BatchFlowProperties properties;
  private final BatchWriterFactory writers;
  private final ConfigurableEnvironment environment;
  private final List<BatchWriterDecorator> decorators;
  private final List<BatchFlowBuilderCustomizer> customizers;

  FlowFactory(
      BatchFlowProperties properties,
      BatchWriterFactory writers,
      ConfigurableEnvironment environment,
      List<BatchWriterDecorator> decorators,
      List<BatchFlowBuilderCustomizer> customizers) {
    UnknownProperties.check(environment);
    this.properties = properties;
    this.writers = writers;
    this.environment = environment;
    this.decorators = decorators;
    this.customizers = customizers;
  }

  BatchFlow create(String flow) {
    FlowSettings settings = FlowSettings.of(flow, properties);
    checkDeadLetters(settings);
    BatchWriter writer = writers.create(flow);
    try {
      for (BatchWriterDecorator decorator : decorators) {
        writer = decorator.decorate(flow, writer);
      }
      BatchFlow.Builder builder = BatchFlow.builder(writer);
      settings.applyTo(builder);
      Duration closeTimeout = settings.option(FlowProperties::closeTimeout);
      builder.closeTimeout(CloseTimeout.of(flow, closeTimeout, environment));
      customizers.forEach(customizer -> customizer.customize(flow, builder));
      return builder.build();
    } catch (InvalidConfigurationException | IllegalArgumentException invalid) {
      writer.close().subscribe();
      throw refused(flow, invalid);
    } catch (RuntimeException | Error failure) {
      writer.close().subscribe();
      throw failure;
    }
  }

  private FlowStartException refused(String flow, RuntimeException invalid) {
    String message = String.valueOf(invalid.getMessage());
    List<String> keys = new ArrayList<>(OptionKeys.of(flow, environment).in(message));
    if (message.contains("the writer's maximum")) {
      keys.add("spring.r2dbc.pool.max-size");
    }
    return new FlowStartException(
        "The flow '%s' cannot be built: %s".formatted(flow, message),
        keys.isEmpty()
            ? "Check the customizers of the flow."
            : "Check %s.".formatted(String.join(" and ", keys)),
        invalid);
  }

  private static void checkDeadLetters(FlowSettings settings) {
    if (settings.option(layer -> layer.deadLetters().directory()) != null
        && !ClassUtils.isPresent(DEAD_LETTER_FILE, null)) {
      throw new FlowStartException(
          "The flow '%s' has a directory of dead letters, and their library is missing."
              .formatted(settings.flow),
          "Add the dependency io.batchflow:batchflow-reactive-deadletter, or remove the property"
              + " dead-letters.directory.",
          null);
    }
  }
}
