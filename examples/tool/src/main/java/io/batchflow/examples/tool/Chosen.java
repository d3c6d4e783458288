package io.batchflow.examples.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The tables of a command that must not work on all of them by mistake. */
final class Chosen {

  @Parameters(arity = "0..*", paramLabel = "TABLE", description = "Names, or patterns with * and ?")
  private @Nullable List<String> names;

  @Option(names = "--all", description = "All tables that their settings allow")
  private boolean all;

  void check() {
    if (all == (names != null)) {
      throw ToolException.usage("Name tables, or give --all, but not both.");
    }
  }

  boolean all() {
    return all;
  }

  List<String> names() {
    return names == null ? List.of() : names;
  }
}
