package io.batchflow.benchmarks.kafka;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directories that the modules kafka-worker and kafka-peer lay out.
 *
 * @param lib the jars of the broker and the worker
 * @param plugins each has directories with the jars of a plugin
 */
record Layout(Path lib, List<Path> plugins) {

  /**
   * Finds the directories.
   *
   * @throws IllegalStateException if they are not there yet
   */
  static Layout find() {
    Path here = Path.of("").toAbsolutePath();
    Path module = here.endsWith("benchmarks") ? here : here.resolve("benchmarks");
    Path worker = module.resolve("kafka-worker/target");
    Layout layout =
        new Layout(
            worker.resolve("lib"),
            List.of(worker.resolve("plugins"), module.resolve("kafka-peer/target/plugins")));
    if (!Stream.concat(Stream.of(layout.lib), layout.plugins.stream())
        .allMatch(Files::isDirectory)) {
      throw new IllegalStateException(
          "The worker and its plugins are laid out by Maven. Run: mvn -q package -DskipTests -pl"
              + " benchmarks -am");
    }
    return layout;
  }

  String pluginPath() {
    return String.join(",", plugins.stream().map(Path::toString).toList());
  }

  /** Returns a process to start. */
  ProcessBuilder java(String program, String heap, String... arguments) {
    Stream<String> command =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms" + heap,
            "-Xmx" + heap,
            "-cp",
            lib + File.separator + "*",
            program);
    return new ProcessBuilder(Stream.concat(command, Stream.of(arguments)).toList());
  }
}
