package io.batchflow.spring.boot.tuning;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.BatchFlowBuilderCustomizer;
import io.batchflow.tuning.SelfTuner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gives each flow a tuner of the tables of the properties. */
final class FlowTuners implements BatchFlowBuilderCustomizer {

  private final TuningProperties properties;
  private final Map<String, SelfTuner> tuners = new ConcurrentHashMap<>();

  FlowTuners(TuningProperties properties) {
    this.properties = properties;
  }

  @Override
  public void customize(String flow, BatchFlow.Builder builder) {
    boolean chosen = properties.flows().isEmpty() || properties.flows().contains(flow);
    if (chosen && properties.tables().values().stream().anyMatch(TunedTableProperties::enabled)) {
      SelfTuner.Builder tuner = SelfTuner.builder();
      properties
          .tables()
          .forEach(
              (name, table) -> {
                if (table.enabled()) {
                  tuner.table(name, table.tuning());
                }
              });
      SelfTuner built = tuner.build();
      builder.listener(built);
      tuners.put(flow, built);
    }
  }

  /** Returns the tuners by the names of their flows. */
  Map<String, SelfTuner> all() {
    return tuners;
  }
}
