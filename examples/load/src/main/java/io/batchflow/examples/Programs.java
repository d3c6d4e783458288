package io.batchflow.examples;

import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** Shared by the programs: each failure becomes one line and an exit code. */
final class Programs {

  /** The exit code if the options, the input or the database cannot be used. */
  static final int FAILED = 2;

  /** The exit code of an unexpected failure. */
  static final int UNEXPECTED = 3;

  private Programs() {}

  /** Returns the command line of a program, which reports failures in this way. */
  static CommandLine of(Object program) {
    return new CommandLine(program)
        .setExecutionStrategy(Programs::runGuarded)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> tell(command, Reason.of(failure)));
  }

  /** An uncaught {@code Error} would exit with 1, the code for rejected rows. */
  private static int runGuarded(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (Error failure) {
      tell(parsed.commandSpec().commandLine(), "Unexpected failure: " + failure);
      return UNEXPECTED;
    }
  }

  /** Runs a program. The JVM exits with its exit code unless that is 0. */
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
