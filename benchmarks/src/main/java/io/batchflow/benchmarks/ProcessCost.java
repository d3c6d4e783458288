package io.batchflow.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The cost of the threads of this process so far.
 *
 * @param cpuNanos processor time in nanoseconds
 * @param switches voluntary context switches of the live threads; 0 except on Linux
 */
record ProcessCost(long cpuNanos, long switches) {

  private static final Path TASKS = Path.of("/proc/self/task");
  private static final String SWITCHES = "voluntary_ctxt_switches:";

  static ProcessCost now() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new ProcessCost(system.getProcessCpuTime(), countSwitches());
  }

  ProcessCost since(ProcessCost before) {
    return new ProcessCost(cpuNanos - before.cpuNanos, Math.max(0, switches - before.switches));
  }

  private static long countSwitches() {
    if (!Files.isDirectory(TASKS)) {
      return 0;
    }
    try (Stream<Path> tasks = Files.list(TASKS)) {
      return tasks.mapToLong(task -> switchesOf(task.resolve("status"))).sum();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Returns the voluntary context switches of a thread; 0 if it has ended. */
  static long switchesOf(Path status) {
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(SWITCHES))
          .mapToLong(line -> Long.parseLong(line.substring(SWITCHES.length()).strip()))
          .sum();
    } catch (NoSuchFileException | UncheckedIOException ended) {
      return 0; // the thread has ended since it was listed
    } catch (IOException failure) {
      return 0;
    }
  }
}
