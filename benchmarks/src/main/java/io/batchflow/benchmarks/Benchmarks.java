package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The program. Runs the part with the given name, or lists the parts. Exits with 1 if a figure
 * misses its bound.
 */
@Command(
    name = "benchmarks",
    mixinStandardHelpOptions = true,
    description = "Measures BatchFlow and its peers in the same run.")
public final class Benchmarks implements Callable<Integer> {

  private final List<Part> parts;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The part to run.")
  private @Nullable String name;

  @Option(names = "--quick", description = "End within a minute or two, with more noise.")
  private boolean quick;

  Benchmarks(List<Part> parts) {
    this.parts = parts;
  }

  /** Runs the program. See {@code --help}. */
  public static void main(String[] args) {
    DifferentialPart differential = new DifferentialPart();
    DeletesPart deletes = new DeletesPart();
    List<Part> parts =
        List.of(
            new SubmitPart(),
            new RowsPart(),
            new SqlPart(),
            new SqlMemoryPart(),
            new RedisPart(),
            new AuditPart(),
            new SpringDataPart(),
            new StartPart(),
            new LatencyPart(),
            new FaultsPart(),
            new CrashesPart(),
            deletes,
            new MessagesPart(),
            new RelaysPart(),
            new RetentionPart(),
            new TablesPart(),
            new TuningPart(),
            new KafkaPart(),
            new ServicePart(),
            new SoakPart(),
            new StructurePart(),
            differential);
    CommandLine command = new CommandLine(new Benchmarks(parts));
    command.addMixin(differential.name(), differential);
    command.addMixin(deletes.name(), deletes);
    int exit = command.execute(args);
    // Needed, as the threads of embedded servers keep the JVM alive.
    System.exit(exit);
  }

  @Override
  public Integer call() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = command.getOut();
    if (name == null) {
      parts.forEach(part -> out.printf("%-12s %s%n", part.name(), part.about()));
      return 0;
    }
    for (Part part : parts) {
      if (part.name().equals(name)) {
        List<Figure> figures = part.run(quick, out);
        figures.forEach(figure -> out.println(figure.line()));
        out.flush();
        return figures.stream().allMatch(Figure::isKept) ? 0 : 1;
      }
    }
    command
        .getErr()
        .printf(
            "There is no part '%s'; the parts are %s.%n",
            name, String.join(", ", parts.stream().map(Part::name).toList()));
    return 2;
  }
}
