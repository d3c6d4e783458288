package io.batchflow.examples.tool;

import io.batchflow.examples.Load;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The main program. Each command is one process: it does its work and exits. */
@Command(
    name = "batchflow",
    subcommands = {
      InitCommand.class,
      TableCommand.class,
      DataCommand.class,
      MonitorCommand.class,
      HealthCommand.class
    },
    description = "Manages the tables of a catalog of BatchFlow, and their rows.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:done in part, or the health is not UP",
      "2:the command, an option or a setting is not valid",
      "3:an unexpected failure",
      "4:the catalog refuses: the table is missing, exists, or was changed meanwhile",
      "5:the catalog, the database or a file cannot be used"
    })
public final class Batchflow {

  @Mixin final Help help = new Help();

  private final Map<String, String> environment;

  private Batchflow(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Runs the program. The JVM exits with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine(System.getenv()).execute(args));
  }

  /** Returns the program with the environment variables that it sees. */
  static CommandLine commandLine(Map<String, String> environment) {
    CommandLine program =
        new CommandLine(new Batchflow(environment))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(Batchflow::run)
            .setExecutionExceptionHandler(Batchflow::failed)
            .setParameterExceptionHandler(Batchflow::invalid);
    // Added last, so that it keeps its own handlers.
    return program.addSubcommand("load", Load.commandLine().setCommandName("load"));
  }

  /** Returns the value of an environment variable, or the empty text. */
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /** An uncaught {@code Error} would exit with 1. */
  private static int run(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (Error thrown) {
      return told(parsed.commandSpec().commandLine(), Failure.of(thrown));
    }
  }

  private static int failed(Exception thrown, CommandLine command, ParseResult parsed)
      throws Exception {
    return isLoad(command)
        ? command.getExecutionExceptionHandler().handleExecutionException(thrown, command, parsed)
        : told(command, Failure.of(thrown));
  }

  private static int invalid(ParameterException wrong, String[] args) throws Exception {
    CommandLine command = wrong.getCommandLine();
    if (isLoad(command)) {
      return command.getParameterExceptionHandler().handleParseException(wrong, args);
    }
    String line = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
    return told(command, new Failure(Failure.USAGE, line + " (see --help)"));
  }

  private static boolean isLoad(CommandLine command) {
    return command.getCommandSpec().userObject() instanceof Load;
  }

  private static int told(CommandLine command, Failure failure) {
    command.getErr().println(failure.line());
    command.getErr().flush();
    return failure.exitCode();
  }
}
