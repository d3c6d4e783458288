package io.batchflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Whose code the processors ran in another JVM, by the samples of Flight Recorder. A sample belongs
 * to the library of the first frame that is not of the JDK.
 *
 * @param samples by library
 */
record CpuProfile(Map<String, Long> samples) {

  private static final String OURS = "io.batchflow";

  private static final List<String> LIBRARIES =
      List.of(
          OURS,
          "io.r2dbc",
          "io.netty",
          "reactor.netty",
          "reactor.pool",
          "reactor.core",
          "org.springframework",
          "tools.jackson");

  private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.");

  /** Does what is to be sampled. */
  @FunctionalInterface
  interface Load {

    void run() throws Exception;
  }

  /** Samples a JVM while a load runs on it. */
  static CpuProfile of(long pid, Load load) throws Exception {
    Path recording = Files.createTempFile("profile", ".jfr");
    try {
      jcmd(pid, "JFR.start", "name=load", "settings=profile");
      load.run();
      jcmd(pid, "JFR.stop", "name=load", "filename=" + recording);
      return of(RecordingFile.readAllEvents(recording));
    } finally {
      Files.delete(recording);
    }
  }

  private static void jcmd(long pid, String... arguments) throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Shell.at(program).run(Map.of(), List.of(String.valueOf(pid), String.join(" ", arguments)));
  }

  private static CpuProfile of(List<RecordedEvent> events) {
    Map<String, Long> samples = new HashMap<>();
    for (RecordedEvent event : events) {
      if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
        samples.merge(library(event.getStackTrace()), 1L, Long::sum);
      }
    }
    return new CpuProfile(samples);
  }

  private static String library(RecordedStackTrace stack) {
    for (RecordedFrame frame : stack.getFrames()) {
      String type = frame.getMethod().getType().getName();
      if (JDK.stream().noneMatch(type::startsWith)) {
        return LIBRARIES.stream().filter(type::startsWith).findFirst().orElse("other");
      }
    }
    return "JDK";
  }

  /** Returns the percentage of the samples that are of this library. */
  double ours() {
    return percent(samples.getOrDefault(OURS, 0L));
  }

  private double percent(long part) {
    long all = samples.values().stream().mapToLong(Long::longValue).sum();
    return all == 0 ? 0 : 100.0 * part / all;
  }

  @Override
  public String toString() {
    return samples.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(
            each ->
                String.format(Locale.ROOT, "%s %.0f %%", each.getKey(), percent(each.getValue())))
        .collect(Collectors.joining(", "));
  }
}
