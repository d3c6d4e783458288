package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.deadletter.DeadLetter;
import io.batchflow.deadletter.DeadLetterFile;
import io.batchflow.deadletter.DeadLetters;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;

/** Writes dead letters to their table again, selected by table, reason and time. */
@Command(
    name = "Replay",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description =
        "Writes the dead letters of one table to that table again. The letters themselves are not"
            + " changed. Letters that are rejected again are listed by id.%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every letter is stored",
      "1:some letters were rejected again; they are listed",
      "2:the options, the letters or the database cannot be used",
      "3:an unexpected failure, which the last line describes"
    })
public final class Replay implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private @Nullable From from;

  /** Where the letters are kept. */
  private static final class From {

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "A file of letters, one JSON on each line")
    private @Nullable Path file;

    @Option(
        names = "--letters",
        paramLabel = "TABLE",
        description = "A table of letters in the same database")
    private @Nullable String letters;
  }

  @Option(
      names = "--db",
      required = true,
      paramLabel = "URL",
      description = "The database: jdbc:sqlite:FILE, or an R2DBC URL")
  private String db = "";

  @Option(
      names = "--table",
      required = true,
      paramLabel = "TABLE",
      description = "The table of the rejected rows")
  private String table = "";

  @Option(
      names = "--key",
      split = ",",
      paramLabel = "COL",
      description = "The columns that identify a row")
  private List<String> key = List.of();

  @Option(
      names = "--on-conflict",
      defaultValue = "fail",
      paramLabel = "HOW",
      description =
          "What to do if a row already exists: fail, ignore, replace or update."
              + " Default: ${DEFAULT-VALUE}")
  private ConflictStrategy onConflict = ConflictStrategy.FAIL;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Only letters whose reason or cause contains this text")
  private String reason = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only letters from this time on, in UTC")
  private Instant since = Instant.MIN;

  @Option(names = "--until", paramLabel = "TIME", description = "Only letters before this time")
  private Instant until = Instant.MAX;

  @SuppressWarnings("UnusedVariable") // picocli sets and reads it
  @Option(names = "--help", usageHelp = true, description = "Show this help")
  private boolean help;

  private Replay() {}

  /** Runs the program. The JVM exits with its exit code unless that is 0. */
  public static void main(String[] args) {
    Programs.run(commandLine(), args);
  }

  static CommandLine commandLine() {
    return Programs.of(new Replay());
  }

  @Override
  public Integer call() {
    try (Target target = Target.open(db)) {
      Flux<DeadLetter> letters = letters(target).filter(this::isWanted);
      Schema schema = schema(columns(letters));
      BatchFlow flow = BatchFlow.builder(target.writer()).build();
      try {
        return report(DeadLetters.replay(letters, letter -> schema, flow));
      } finally {
        flow.close().block();
      }
    }
  }

  private Flux<DeadLetter> letters(Target target) {
    From source = Objects.requireNonNull(from);
    if (source.file != null) {
      return DeadLetterFile.read(source.file);
    }
    String name = target.dialect().quote(Objects.requireNonNull(source.letters));
    String query = "SELECT letter FROM " + name + " ORDER BY rejected_at";
    return Flux.fromIterable(target.query(query))
        .map(row -> DeadLetter.parse(String.valueOf(row.get(0))));
  }

  private boolean isWanted(DeadLetter letter) {
    return letter.table().equals(table)
        && !letter.time().isBefore(since)
        && letter.time().isBefore(until)
        && (letter.reason() + " " + letter.cause()).contains(reason);
  }

  private static Set<String> columns(Flux<DeadLetter> letters) {
    return Objects.requireNonNull(
        letters.collect(LinkedHashSet<String>::new, (all, l) -> all.addAll(l.columns())).block());
  }

  private Schema schema(Set<String> columns) {
    if (columns.isEmpty()) {
      throw new LoadException("There are no such letters of table '" + table + "'");
    }
    return Schema.table(table)
        .columns(List.copyOf(columns))
        .conflictKey(key)
        .onConflict(onConflict)
        .build();
  }

  private int report(Flux<DeadLetters.Replayed> replayed) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<DeadLetters.Replayed> all = Objects.requireNonNull(replayed.collectList().block());
    long stored = all.stream().filter(DeadLetters.Replayed::isWritten).count();
    out.printf("%,d letters stored, %,d rejected again%n", stored, all.size() - stored);
    all.stream()
        .filter(one -> one.error() != null)
        .forEach(one -> out.println("  " + one.letter().id() + ": " + reasonOf(one.error())));
    out.flush();
    return stored == all.size() ? 0 : 1;
  }

  private static String reasonOf(@Nullable Throwable error) {
    Throwable known = Objects.requireNonNull(error);
    Throwable cause = known.getCause();
    return Reason.of(cause == null ? known : cause);
  }
}
