package io.batchflow.examples.tool;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of the program in this JVM, with its output.
 *
 * @param errors the lines of standard error
 */
record Run(int exitCode, String output, List<String> errors) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Run of(Map<String, String> environment, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Batchflow.commandLine(environment)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(exitCode, out.toString(), err.toString().lines().toList());
  }

  /** Returns the output as JSON, and fails unless the run succeeded. */
  JsonNode json() {
    if (exitCode != 0) {
      throw new AssertionError("The exit code is " + exitCode + ": " + errors);
    }
    return JSON.readTree(output);
  }
}
