package io.batchflow.spring.boot.journal;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.journal.JournaledFlow;
import io.batchflow.spring.boot.BatchFlowProperties;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Opens the journals of the auto-configured flows. */
final class JournalFactory {

  private final BatchFlowProperties properties;
  private final Map<String, BatchFlow> flows;
  private final List<Schema> schemas;
  private final List<JournalCustomizer> customizers;

  JournalFactory(
      BatchFlowProperties properties,
      Map<String, BatchFlow> flows,
      List<Schema> schemas,
      List<JournalCustomizer> customizers) {
    this.properties = properties;
    this.flows = flows;
    this.schemas = schemas;
    this.customizers = customizers;
  }

  JournaledFlow open(String name) {
    BatchFlow flow = flows.get(name);
    if (flow == null) {
      throw new IllegalStateException(
          "The property journal.directory is set, and there is no auto-configured flow '%s'. Name"
                  .formatted(name)
              + " the flow with 'batchflow.flows', or open its journal in a bean of your own.");
    }
    JournalSettings settings = JournalSettings.of(name, properties);
    Path directory = Objects.requireNonNull(settings.directory(), "directory");
    JournaledFlow.Builder builder =
        JournaledFlow.builder(flow, directory.resolve(name))
            .schemas(schemas.toArray(Schema[]::new));
    if (settings.maxRows() != null) {
      builder.maxRows(settings.maxRows());
    }
    if (Boolean.TRUE.equals(settings.atLeastOnce())) {
      builder.atLeastOnce();
    }
    customizers.forEach(customizer -> customizer.customize(name, builder));
    return builder.open();
  }
}
