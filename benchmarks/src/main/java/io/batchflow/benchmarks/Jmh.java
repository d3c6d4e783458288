package io.batchflow.benchmarks;

import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH benchmarks, each in its own JVM, and returns the cost of a row. */
final class Jmh {

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private Jmh() {}

  /**
   * Measures the throughput benchmarks of a class.
   *
   * @return the cost by the name of the method, followed by the value of its parameter if any
   * @throws IllegalStateException if a benchmark fails, as a missing figure must not pass
   */
  static Map<String, Cost> measure(boolean quick, Class<?> benchmark) {
    System.setProperty("java.class.path", classPath());
    System.setProperty("jmh.ignoreLock", "true");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(benchmark.getName() + "\\.")
            .shouldFailOnError(true)
            .forks(1)
            .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch")
            .warmupIterations(quick ? 3 : 5)
            .warmupTime(quick ? TimeValue.milliseconds(700) : TimeValue.seconds(2))
            .measurementIterations(5)
            .measurementTime(quick ? TimeValue.milliseconds(400) : TimeValue.seconds(2))
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT);
    Map<String, Cost> costs = new LinkedHashMap<>();
    try {
      for (RunResult result : new Runner(options.build()).run()) {
        costs.put(nameOf(result.getParams()), costOf(result));
      }
      return costs;
    } catch (RunnerException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static String nameOf(BenchmarkParams benchmark) {
    String name = benchmark.getBenchmark();
    String values =
        benchmark.getParamsKeys().stream()
            .map(key -> " " + benchmark.getParam(key))
            .collect(Collectors.joining());
    return name.substring(name.lastIndexOf('.') + 1) + values;
  }

  @SuppressWarnings("rawtypes") // as JMH declares its secondary results
  private static Cost costOf(RunResult result) {
    List<Double> nanos =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .map(iteration -> 1e9 / iteration.getPrimaryResult().getScore())
            .sorted()
            .toList();
    double bytes =
        result.getSecondaryResults().entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(ALLOCATED))
            .map(Map.Entry::getValue)
            .mapToDouble(secondary -> secondary.getScore())
            .findFirst()
            .orElseThrow();
    return new Cost(nanos, bytes);
  }

  /** Under Maven the classes come from a class loader that the forked JVMs do not have. */
  private static String classPath() {
    return Jmh.class.getClassLoader() instanceof URLClassLoader loader
        ? Arrays.stream(loader.getURLs())
            .map(Jmh::path)
            .collect(Collectors.joining(System.getProperty("path.separator")))
        : System.getProperty("java.class.path");
  }

  private static String path(URL url) {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
