package io.batchflow.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * The cost of a row.
 *
 * @param iterations wall time per row in each iteration, in nanoseconds, ascending
 * @param bytes memory that all threads allocate per row
 */
record Cost(List<Double> iterations, double bytes) {

  static Cost of(Map<String, Cost> costs, String name) {
    Cost cost = costs.get(name);
    if (cost == null) {
      throw new IllegalStateException("No benchmark has the name " + name);
    }
    return cost;
  }

  double nanos() {
    return iterations.get(iterations.size() / 2);
  }

  double min() {
    return iterations.get(0);
  }

  double max() {
    return iterations.get(iterations.size() - 1);
  }
}
