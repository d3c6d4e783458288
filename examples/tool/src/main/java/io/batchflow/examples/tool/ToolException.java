package io.batchflow.examples.tool;

/** A command cannot be done. The message is one line for the user, with the remedy. */
final class ToolException extends RuntimeException {

  private final int exitCode;

  private ToolException(int exitCode, String line) {
    super(line);
    this.exitCode = exitCode;
  }

  static ToolException usage(String line) {
    return new ToolException(Failure.USAGE, line);
  }

  static ToolException unusable(String line) {
    return new ToolException(Failure.UNUSABLE, line);
  }

  int exitCode() {
    return exitCode;
  }
}
