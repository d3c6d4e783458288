package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchWriter;
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

/** The main program: loads Unicode or a CSV file into a database and reports the result. */
@Command(
    name = "Load",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Loads all assigned Unicode characters that the JDK knows, or a CSV file of your own, into"
          + " a database. Each row goes through BatchFlow. At the end a report is printed.%n"
    },
    footerHeading = "%n",
    footer = {
      "The first record of a CSV file names the columns. Commas separate the fields. An empty field"
          + " is NULL, and a quoted empty field (\"\") is an empty text; a key may be neither. If"
          + " the table does not exist, it is created, with types inferred from the data. A column"
          + " is numeric only if every value prints as it was read, so 007, 1.10 and 1e5 stay text."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every row is stored",
      "1:some rows were rejected; they are listed",
      "2:the options, the file or the database cannot be used",
      "3:an unexpected failure, which the last line describes"
    })
public final class Load implements Callable<Integer> {

  private static final int REJECTED = 1;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = {
        "The database: jdbc:sqlite:FILE, or an R2DBC URL such as r2dbc:h2:file:///./FILE.",
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
          "A CSV file to load instead of Unicode, in UTF-8, plain or compressed with gzip.",
          "- reads standard input and stores it in a temporary file first"
        })
    private Path input = Path.of("");

    @Option(
        names = "--table",
        required = true,
        paramLabel = "TABLE",
        description = "The table to load the file into")
    private String table = "";

    @Option(
        names = "--key",
        split = ",",
        paramLabel = "COL",
        description = "The columns that identify a row")
    private List<String> key = List.of();
  }

  @Option(
      names = "--on-conflict",
      paramLabel = "HOW",
      description = {
        "What to do if a row already exists: fail, ignore, replace or update.",
        "Default: update; fail if there is no key"
      })
  private @Nullable ConflictStrategy onConflict;

  @Option(
      names = "--batch-size",
      defaultValue = "1000",
      paramLabel = "ROWS",
      description = "The maximum number of rows in a batch. Default: ${DEFAULT-VALUE}")
  private int batchSize;

  @Option(
      names = "--max-delay",
      defaultValue = "10ms",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "The longest time that a row waits for other rows. Default: ${DEFAULT-VALUE}")
  private Duration maxDelay = Duration.ZERO;

  @Option(
      names = "--concurrency",
      defaultValue = "4",
      paramLabel = "BATCHES",
      description =
          "The maximum number of batches written at the same time, if the database supports it."
              + " Default: ${DEFAULT-VALUE}")
  private int concurrency;

  @Option(
      names = "--compare",
      description =
          "Also store the same rows one INSERT at a time, up to 200,000 rows or for ten seconds,"
              + " and compare the speed")
  private boolean compare;

  @SuppressWarnings("UnusedVariable") // picocli sets and reads it
  @Option(names = "--help", usageHelp = true, description = "Show this help")
  private boolean help;

  private Load() {}

  /** Runs the program. The JVM exits with its exit code unless that is 0. */
  public static void main(String[] args) {
    Programs.run(commandLine(), args);
  }

  /** Returns the program with its options. */
  public static CommandLine commandLine() {
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
    check(batchSize > 0 && batchSize <= 1_000_000, "--batch-size must be 1 to 1,000,000");
    check(concurrency > 0 && concurrency <= 1_000, "--concurrency must be 1 to 1,000");
    check(
        !maxDelay.isNegative() && maxDelay.toDays() < 1,
        "--max-delay must be at least 0ms and less than a day");
    boolean needsKey =
        onConflict == ConflictStrategy.UPDATE || onConflict == ConflictStrategy.REPLACE;
    check(
        !needsKey || csv == null || !csv.key.isEmpty(),
        "--on-conflict " + onConflict + " needs --key, the columns that identify a row");
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
    BatchWriter writer = target.writer();
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(BatchPolicy.builder().maxSize(batchSize).maxDelay(maxDelay).build())
            .concurrency(Math.min(concurrency, writer.maxConcurrency()))
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
      report.failure("The database accepts no more rows: " + failure);
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
          "--key: there is no column '" + column + "'; the file has " + String.join(", ", columns));
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
