package io.batchflow.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * One run of the program in this JVM, with its output.
 *
 * @param errors the lines of standard error
 */
record Run(int exitCode, String output, List<String> errors) {

  static Run load(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Load.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(arguments);
    List<String> errors = err.toString().lines().filter(line -> !line.isBlank()).toList();
    return new Run(exitCode, out.toString(), errors);
  }
}
