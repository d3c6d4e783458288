package io.batchflow.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The resources of a program at a moment.
 *
 * @param megabytes the used heap after garbage collection
 * @param connections the number of connections, counted by the server
 */
record Sample(double megabytes, int threads, int connections) {

  private static final double MEGABYTE = 1 << 20;

  static Sample take(int connections) {
    System.gc();
    return new Sample(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        connections);
  }

  /** Returns the maximum of the last third, divided by the maximum of the first third. */
  static double growth(List<Sample> samples, ToDoubleFunction<Sample> what) {
    int third = Math.max(1, samples.size() / 3);
    double first = most(samples.subList(0, third), what);
    return most(samples.subList(samples.size() - third, samples.size()), what) / first;
  }

  private static double most(List<Sample> samples, ToDoubleFunction<Sample> what) {
    return samples.stream().mapToDouble(what).max().orElseThrow();
  }
}
