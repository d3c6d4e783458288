package io.batchflow.spring.boot.console;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.BatchFlowBuilderCustomizer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Observes the auto-configured flows. Thread-safe. */
final class Activities implements BatchFlowBuilderCustomizer {

  private final Map<String, FlowActivity> flows = new ConcurrentHashMap<>();

  @Override
  public void customize(String flow, BatchFlow.Builder builder) {
    FlowActivity activity = new FlowActivity();
    flows.put(flow, activity);
    builder.listener(activity);
  }

  /** Returns what a flow did, or null if it was not auto-configured. */
  @Nullable FlowActivity of(String flow) {
    return flows.get(flow);
  }

  /** Forgets the latencies so far, as they are older than the next second. */
  void restart() {
    flows.values().forEach(FlowActivity::latencies);
  }
}
