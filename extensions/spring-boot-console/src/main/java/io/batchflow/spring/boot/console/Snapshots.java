package io.batchflow.spring.boot.console;

import io.batchflow.BatchFlow;
import io.batchflow.spring.boot.actuate.RecentErrors;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes the JSON that is sent to the page. */
final class Snapshots {

  // Not that of the application, whose options would rename what the page reads.
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, BatchFlow> flows;
  private final Activities activities;
  private final RecentErrors errors;

  Snapshots(Map<String, BatchFlow> flows, Activities activities, RecentErrors errors) {
    this.flows = new TreeMap<>(flows);
    this.activities = activities;
    this.errors = errors;
  }

  /** Begins a new stream. */
  void restart() {
    activities.restart();
  }

  /** Returns all flows. */
  JsonNode now() {
    Map<String, FlowSnapshot> all = new TreeMap<>();
    flows.forEach(
        (name, flow) -> all.put(name, FlowSnapshot.of(flow, activities.of(name), errors.of(name))));
    return JSON.valueToTree(Map.of("time", System.currentTimeMillis(), "flows", all));
  }
}
