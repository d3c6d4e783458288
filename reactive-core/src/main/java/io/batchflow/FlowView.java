package io.batchflow;

import io.batchflow.health.FlowHealth;
import io.batchflow.stats.FlowStats;

/**
 * What can be read of a running flow, for listeners, health indicators and metrics that must not
 * write or close. Safe for any thread; no method blocks.
 */
public interface FlowView {

  /** Returns what the flow is doing and has done. */
  FlowStats stats();

  /**
   * Returns the flow's health, by its {@link io.batchflow.health.HealthPolicy}. Costs a look at
   * each table.
   */
  FlowHealth health();
}
