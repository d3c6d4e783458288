package io.batchflow.examples.tool;

import picocli.CommandLine.Option;

/** The option that shows how a command is used. */
final class Help {

  @Option(names = "--help", usageHelp = true, description = "Show this help")
  boolean help;
}
