package io.batchflow.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * What a row costs.
 *
 * @param iterations wall time a row in each iteration, in nanoseconds, ascending
 * @param bytes memory allocated a row, by all threads
 */
record Cost(List<Double> iterations, double bytes) {

  static Cost of(Map<String, Cost> costs, String name) {
    Cost cost = costs.get(name);
    if (cost == null) {
      throw new IllegalStateException("Nothing was measured by the name of " + name);
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
