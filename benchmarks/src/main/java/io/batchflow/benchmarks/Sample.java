package io.batchflow.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a program holds at a moment.
 *
 * @param megabytes of heap, after garbage collection
 * @param connections that the server counts
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

  /** Returns how much the most of the last third is of the most of the first. */
  static double growth(List<Sample> samples, ToDoubleFunction<Sample> what) {
    int third = Math.max(1, samples.size() / 3);
    double first = most(samples.subList(0, third), what);
    return most(samples.subList(samples.size() - third, samples.size()), what) / first;
  }

  private static double most(List<Sample> samples, ToDoubleFunction<Sample> what) {
    return samples.stream().mapToDouble(what).max().orElseThrow();
  }
}
