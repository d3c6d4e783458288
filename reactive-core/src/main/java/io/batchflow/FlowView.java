package io.batchflow;

import io.batchflow.health.FlowHealth;
import io.batchflow.stats.FlowStats;

/**
 * A read-only view of a running flow, for listeners, health indicators and metrics. Thread-safe. No
 * method blocks.
 */
public interface FlowView {

  /** Returns a snapshot of the flow's statistics. */
  FlowStats stats();

  /**
   * Returns the flow's health by its {@link io.batchflow.health.HealthPolicy}. Reads every table.
   */
  FlowHealth health();
}
