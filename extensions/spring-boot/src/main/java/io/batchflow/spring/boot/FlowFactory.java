package io.batchflow.spring.boot;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.InvalidConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/** Builds the auto-configured flows. */
final class FlowFactory {

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
    this.properties = properties;
    this.writers = writers;
    this.environment = environment;
    this.decorators = decorators;
    this.customizers = customizers;
  }

  BatchFlow create(String flow) {
    FlowSettings settings = FlowSettings.of(flow, properties);
    checkLibrary(
        flow,
        settings.option(layer -> layer.deadLetters().directory()),
        "dead-letters.directory",
        "io.batchflow.deadletter.DeadLetterFile",
        "batchflow-reactive-deadletter");
    checkLibrary(
        flow,
        settings.option(layer -> layer.journal().directory()),
        "journal.directory",
        "io.batchflow.journal.JournaledFlow",
        "batchflow-reactive-journal");
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

  private static void checkLibrary(
      String flow, @Nullable Path directory, String property, String type, String artifact) {
    if (directory != null && !ClassUtils.isPresent(type, null)) {
      throw new FlowStartException(
          "The flow '%s' has the property %s, and its library is missing."
              .formatted(flow, property),
          "Add the dependency io.batchflow:%s, or remove the property.".formatted(artifact),
          null);
    }
  }
}
