package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main program: loads Unicode, or a CSV file, into a database and tells how it went. */
@Command(
    name = "Load",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Loads every assigned Unicode character that the JDK knows, or a CSV file of your own, into"
          + " a database, row by row through BatchFlow, and tells how it went.%n"
    },
    footerHeading = "%n",
    footer = {
      "In a CSV file the first record names the columns, and commas separate the fields. An empty"
          + " field is NULL, a quoted one (\"\") is empty text; a key may be neither. A table that is"
          + " not there is created, with types taken from the data: a column is of numbers only if"
          + " every value prints as it was read, so 007, 1.10 and 1e5 stay text."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every row is stored",
      "1:some rows were rejected; they are listed",
      "2:the options, the file or the database would not do",
      "3:the program failed in a way that it does not expect; its line says how"
    })
public final class Load implements Callable<Integer> {

  private static final int REJECTED = 1;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = {
        "Where to: jdbc:sqlite:FILE, or an R2DBC URL such as r2dbc:h2:file:///./FILE.",
        "Default: jdbc:sqlite:unicode.db, or for a CSV file jdbc:sqlite:TABLE.db, in the current"
            + " directory"
      })
  private @Nullable String db;

  @ArgGroup(exclusive = false)
  private @Nullable Csv csv;

  /** The options that a CSV file needs. */
  private static final class Csv {

    @Option(
        names = "--input",
        required = true,
        paramLabel = "FILE",
        description = {
          "A CSV file to load instead of Unicode, in UTF-8, packed by gzip or not.",
          "- reads standard input, and stores it in a temporary file first"
        })
    private Path input = Path.of("");

    @Option(
        names = "--table",
        required = true,
        paramLabel = "TABLE",
        description = "The table for it")
    private String table = "";

    @Option(
        names = "--key",
        split = ",",
        paramLabel = "COL",
        description = "The columns that tell whether a row is there already")
    private List<String> key = List.of();
  }

  @Option(
      names = "--on-conflict",
      paramLabel = "HOW",
      description = {
        "What to do with a row that is there already: fail, ignore, replace or update.",
        "Default: update, but fail where there is no key"
      })
  private @Nullable ConflictStrategy onConflict;

  @Option(
      names = "--batch-size",
      defaultValue = "1000",
      paramLabel = "ROWS",
      description = "The most rows in a batch. Default: ${DEFAULT-VALUE}")
  private int batchSize;

  @Option(
      names = "--max-delay",
      defaultValue = "10ms",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long a row waits for others at most. Default: ${DEFAULT-VALUE}")
  private Duration maxDelay = Duration.ZERO;

  @Option(
      names = "--concurrency",
      defaultValue = "4",
      paramLabel = "BATCHES",
      description =
          "The most batches written at the same time, as far as the database takes them."
              + " Default: ${DEFAULT-VALUE}")
  private int concurrency;

  @Option(
      names = "--compare",
      description =
          "Store the same rows one INSERT at a time as well, up to 200,000 or for ten seconds, and"
              + " compare")
  private boolean compare;

  @SuppressWarnings("UnusedVariable") // picocli sets and reads it
  @Option(names = "--help", usageHelp = true, description = "Show this text")
  private boolean help;

  private Load() {}

  /** Runs the program; the JVM ends with its exit code unless that is 0. */
  public static void main(String[] args) {
    Programs.run(commandLine(), args);
  }

  static CommandLine commandLine() {
    return Programs.of(new Load())
        .setParameterExceptionHandler(
            (wrong, args) ->
                Programs.tell(
                    wrong.getCommandLine(),
                    Reason.of(wrong).replaceFirst("^Error: ", "") + " (see --help)"));
  }

  @Override
  public Integer call() {
    checkOptions();
    if (csv == null) {
      return load(new UnicodeSource());
    }
    try (CsvInput input = CsvInput.of(csv.input)) {
      return load(CsvSource.scan(input.file()));
    }
  }

  private int load(Source source) {
    CommandLine command = command();
    Report report = new Report(command.getOut(), command.getErr());
    Schema schema = schema(source);
    try (Target target = Target.open(url());
        Interruption interruption = Interruption.onExit()) {
      List<String> types =
          source.columns().stream().map(column -> target.nameOf(column.type())).toList();
      Table table = Table.findOrCreate(target, schema, types);
      report.begin(source, table, target);
      Tally tally = load(target, source, table, interruption);
      report.figures(tally);
      if (compare && tally.failure() == null) {
        report.comparison(OneByOne.run(target, source, table), tally);
      }
      report.rows(target, source, table);
      report.rejections(source, tally.rejections());
      return exitCode(source, tally, report);
    }
  }

  private void checkOptions() {
    check(batchSize > 0 && batchSize <= 1_000_000, "--batch-size takes 1 to 1,000,000");
    check(concurrency > 0 && concurrency <= 1_000, "--concurrency takes 1 to 1,000");
    check(!maxDelay.isNegative() && maxDelay.toDays() < 1, "--max-delay takes 0ms to a day");
    boolean needsKey =
        onConflict == ConflictStrategy.UPDATE || onConflict == ConflictStrategy.REPLACE;
    check(
        !needsKey || csv == null || !csv.key.isEmpty(),
        "--on-conflict " + onConflict + " needs --key, to tell which rows are the same");
  }

  private void check(boolean holds, String rule) {
    if (!holds) {
      throw new ParameterException(command(), rule);
    }
  }

  private CommandLine command() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private Tally load(Target target, Source source, Table table, Interruption interruption) {
    BatchFlow flow =
        BatchFlow.builder(target.writer())
            .defaultPolicy(BatchPolicy.builder().maxSize(batchSize).maxDelay(maxDelay).build())
            .concurrency(Math.min(concurrency, target.writer().maxConcurrency()))
            .maxPending(Math.max(20_000, batchSize))
            .build();
    try {
      return Loading.run(flow, source, table, interruption);
    } finally {
      flow.close().block();
    }
  }

  private static int exitCode(Source source, Tally tally, Report report) {
    String failure = tally.failure();
    if (failure != null) {
      report.failure("The database took no more rows: " + failure);
      return Programs.FAILED;
    }
    if (tally.ended() < source.size()) {
      report.failure("Stopped early: " + Report.rows(source.size() - tally.ended()) + " not read");
      return Programs.FAILED;
    }
    return tally.rejections().count() == 0 ? 0 : REJECTED;
  }

  private Schema schema(Source source) {
    List<String> columns = source.columns().stream().map(Column::name).toList();
    List<String> key = csv == null ? List.of(UnicodeSource.KEY) : csv.key;
    for (String column : key) {
      check(
          columns.contains(column),
          "--key: there is no column '" + column + "', but " + String.join(", ", columns));
    }
    ConflictStrategy usual = key.isEmpty() ? ConflictStrategy.FAIL : ConflictStrategy.UPDATE;
    return Schema.table(csv == null ? UnicodeSource.TABLE : csv.table)
        .columns(columns)
        .conflictKey(key)
        .onConflict(onConflict == null ? usual : onConflict)
        .build();
  }

  private String url() {
    if (db != null) {
      return db;
    }
    return "jdbc:sqlite:" + (csv == null ? "unicode" : csv.table) + ".db";
  }
}
