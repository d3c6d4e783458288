package io.batchflow.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What the live threads of this process have cost so far, by kind. Known on Linux only. */
record ThreadCosts(Map<Kind, Cost> costs) {

  private static final Path TASKS = Path.of("/proc/self/task");
  private static final Path THIS_TASK = Path.of("/proc/thread-self");
  private static final double MICROS = 1e3;

  /** What a thread does. */
  enum Kind {
    SUBMITS("submits"),
    FLOW("flow"),
    SCHEDULER("scheduler"),
    DRIVER("driver"),
    JVM("JVM");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    /**
     * @param name of a thread, cut off by Linux after 15 bytes
     */
    private static Kind of(String name) {
      if (name.startsWith("batchflow")) {
        return FLOW;
      } else if (name.startsWith("parallel")) {
        return SCHEDULER;
      } else if (name.startsWith("reactor-tcp")) {
        return DRIVER;
      }
      return JVM;
    }
  }

  private record Cost(long cpuNanos, long switches) {

    static final Cost NOTHING = new Cost(0, 0);

    Cost plus(Cost other) {
      return new Cost(cpuNanos + other.cpuNanos, switches + other.switches);
    }

    Cost minus(Cost other) {
      return new Cost(
          Math.max(0, cpuNanos - other.cpuNanos), Math.max(0, switches - other.switches));
    }
  }

  static boolean areKnown() {
    return Files.isReadable(THIS_TASK.resolve("schedstat"));
  }

  static ThreadCosts now() {
    Map<Kind, Cost> costs = new EnumMap<>(Kind.class);
    try (Stream<Path> tasks = Files.list(TASKS)) {
      Path self = THIS_TASK.toRealPath().getFileName();
      for (Path task : tasks.toList()) {
        Kind kind = task.endsWith(self) ? Kind.SUBMITS : Kind.of(nameOf(task));
        costs.merge(kind, costOf(task), Cost::plus);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return new ThreadCosts(costs);
  }

  private static String nameOf(Path task) {
    return firstLine(task.resolve("comm"), "");
  }

  private static Cost costOf(Path task) {
    String times = firstLine(task.resolve("schedstat"), "0 0 0");
    long cpu = Long.parseLong(times.substring(0, times.indexOf(' ')));
    return new Cost(cpu, ProcessCost.switchesOf(task.resolve("status")));
  }

  private static String firstLine(Path file, String ended) {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.isEmpty() ? ended : lines.get(0);
    } catch (IOException threadHasEnded) {
      return ended;
    }
  }

  ThreadCosts since(ThreadCosts before) {
    Map<Kind, Cost> difference = new EnumMap<>(Kind.class);
    costs.forEach(
        (kind, cost) ->
            difference.put(kind, cost.minus(before.costs.getOrDefault(kind, Cost.NOTHING))));
    return new ThreadCosts(difference);
  }

  static void printTitle(PrintWriter out) {
    out.printf("%18s", "us, switches a row");
    for (Kind kind : Kind.values()) {
      out.printf(" %15s", kind.title);
    }
    out.println();
  }

  /** Prints microseconds of processor time and voluntary context switches a row. */
  void print(String way, int rows, PrintWriter out) {
    out.printf("%18s", way);
    for (Kind kind : Kind.values()) {
      Cost cost = costs.getOrDefault(kind, Cost.NOTHING);
      out.printf(
          Locale.ROOT,
          " %8.1f %6.2f",
          cost.cpuNanos / MICROS / rows,
          (double) cost.switches / rows);
    }
    out.println();
    out.flush();
  }
}
