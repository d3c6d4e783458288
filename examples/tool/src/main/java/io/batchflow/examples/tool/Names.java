package io.batchflow.examples.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The tables of a command that works on all tables if none is named. */
final class Names {

  @Parameters(
      arity = "0..*",
      paramLabel = "TABLE",
      description = "Names, or patterns with * and ?. Default: all tables")
  private @Nullable List<String> names;

  List<String> list() {
    return names == null ? List.of() : names;
  }
}
