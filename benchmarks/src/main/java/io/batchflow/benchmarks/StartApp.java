package io.batchflow.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Writes the first rows of a JVM and prints how long that took. Its arguments are a {@link
 * StartTarget}, whether the flow writes, the URL of the database and the number of rows.
 */
final class StartApp {

  private StartApp() {}

  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    StartTarget target = StartTarget.valueOf(args[0]);
    boolean flow = Boolean.parseBoolean(args[1]);
    Way.Writing writing = flow ? target.flow(args[2]) : target.byHand(args[2]);
    writing.write(Integer.parseInt(args[3]));
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpu = ProcessCost.now().cpuNanos() / 1e9;
    int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    System.out.printf(Locale.ROOT, "%.3f %.3f %d%n", seconds, cpu, classes);
    // Needed, as the threads of the drivers keep the JVM alive.
    System.exit(0);
  }
}
