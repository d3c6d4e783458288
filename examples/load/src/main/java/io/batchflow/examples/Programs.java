package io.batchflow.examples;

import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** What the programs have in common: their failures are a line, and an exit code. */
final class Programs {

  /** The options, the input or the database would not do. */
  static final int FAILED = 2;

  /** The program failed in a way that it does not expect. */
  static final int UNEXPECTED = 3;

  private Programs() {}

  /** Returns a program that tells its failures so. */
  static CommandLine of(Object program) {
    return new CommandLine(program)
        .setExecutionStrategy(Programs::runGuarded)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> tell(command, Reason.of(failure)));
  }

  /** An {@code Error} would end the JVM with the code that stands for rejected rows. */
  private static int runGuarded(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (Error failure) {
      tell(parsed.commandSpec().commandLine(), "Unexpected failure: " + failure);
      return UNEXPECTED;
    }
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
