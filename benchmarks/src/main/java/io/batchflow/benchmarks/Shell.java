package io.batchflow.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that is there or not, such as the shell of a database. */
final class Shell {

  private final Path program;

  private Shell(Path program) {
    this.program = program;
  }

  /** Finds a program on the PATH by its name. */
  static Optional<Shell> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Shell::new);
  }

  /** Returns the program with this path. */
  static Shell at(Path program) {
    return new Shell(program);
  }

  /**
   * Runs the program and waits for its end. Returns what it printed.
   *
   * @throws IOException if it fails, with its output
   */
  String run(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of(program.toString()), arguments.stream()).toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(program + " failed: " + said);
    }
    return said;
  }
}
