package io.batchflow.examples;

import picocli.CommandLine;

/** What the programs have in common: their failures are a line, and an exit code. */
final class Programs {

  /** The options, the input or the database would not do. */
  static final int FAILED = 2;

  private Programs() {}

  /** Returns a program that tells its failures so. */
  static CommandLine of(Object program) {
    return new CommandLine(program)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> tell(command, Reason.of(failure)));
  }

  /** Runs a program; the JVM ends with its exit code unless that is 0. */
  static void run(CommandLine program, String... args) {
    int exitCode = program.execute(args);
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  static int tell(CommandLine command, String line) {
    command.getErr().println(line);
    command.getErr().flush();
    return FAILED;
  }
}
