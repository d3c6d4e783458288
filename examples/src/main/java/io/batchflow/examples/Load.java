package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;

/**
 * The main job: loads every character that the JDK knows, or a CSV file, through {@link
 * BatchFlow#submitAll}. Exits with 0 if every row was stored, 1 if some were refused, 2 if the
 * command or its surroundings are at fault.
 */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    description = {
      "Loads every Unicode character that the JDK knows, or a CSV file, into a database.",
      "Exits with 0 if every row was stored, 1 if some were refused, 2 if it could not run."
    })
public final class Load implements Callable<Integer> {

  private static final int ALL_STORED = 0;
  private static final int SOME_REFUSED = 1;
  private static final int NOT_RUN = 2;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = "R2DBC URL, or jdbc:sqlite:FILE. Default: ${DEFAULT-VALUE}")
  private String db = "jdbc:sqlite:unicode.db";

  @Option(
      names = "--input",
      paramLabel = "FILE.csv",
      description = "A CSV file with a header row, instead of the characters; needs --table.")
  private @Nullable Path input;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "The table to load into; created if it does not exist.")
  private @Nullable String table;

  @Option(
      names = "--key",
      paramLabel = "COLUMN",
      split = ",",
      description = "The columns of the unique key.")
  private List<String> key = List.of();

  @Option(
      names = "--on-conflict",
      paramLabel = "STRATEGY",
      description =
          "What a row does that meets its key: ${COMPLETION-CANDIDATES}. Default: UPDATE with a"
              + " key, else FAIL.")
  private @Nullable ConflictStrategy onConflict;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS",
      description = "The most rows in a batch. Default: ${DEFAULT-VALUE}")
  private int batchSize = 1_000;

  @Option(
      names = "--max-delay",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long a row waits for others: 10ms, 2s, PT0.5S. Default: 10ms")
  private Duration maxDelay = Duration.ofMillis(10);

  @Option(
      names = "--concurrency",
      paramLabel = "BATCHES",
      description = "The most batches written at the same time. Default: ${DEFAULT-VALUE}")
  private int concurrency = 2;

  @Option(
      names = "--compare",
      description = "Also store the same rows one INSERT at a time, and show the ratio.")
  private boolean compare;

  /** Runs the program; see {@code --help}. */
  public static void main(String[] args) {
    int exit = commandLine().execute(args);
    if (exit != ALL_STORED) {
      System.exit(exit);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Load())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Load::explain)
        .setExitCodeExceptionMapper(failure -> NOT_RUN);
  }

  /** What a person can mend is one line; a fault of the program's shows itself whole. */
  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof LoadException || failure instanceof BatchFlowException) {
      command.getErr().println(command.getColorScheme().errorText(failure.getMessage()));
      return NOT_RUN;
    }
    throw failure;
  }

  @Override
  public Integer call() {
    checkOptions();
    try (Target target = Target.open(db)) {
      String name = table != null ? table : UnicodeSource.TABLE;
      List<Column> known = target.columnsOf(name);
      Source source = source(target, name, known);
      Schema schema = schema(name, source);
      if (known.isEmpty()) {
        target.create(schema, source.columns(), schema.conflictKey());
      }
      Refusals refusals = new Refusals();
      Loading loading = load(target, source, schema, refusals);
      Report report = new Report(out(), target, schema);
      report.loaded(loading);
      if (compare) {
        report.compared(loading, OneByOne.run(target, source, schema));
      }
      report.readBack(input == null);
      report.refused(refusals);
      return refusals.count() == 0 ? ALL_STORED : SOME_REFUSED;
    }
  }

  private void checkOptions() {
    if (input != null && table == null) {
      throw new LoadException("Option --input needs --table TABLE, the table to load into.");
    }
    if (input == null && (table != null || !key.isEmpty())) {
      throw new LoadException("Options --table and --key belong to --input FILE.csv.");
    }
  }

  private Source source(Target target, String name, List<Column> known) {
    if (input == null) {
      return new UnicodeSource();
    }
    return known.isEmpty()
        ? CsvSource.inferred(input, target.candidates())
        : CsvSource.of(input, name, known);
  }

  private Schema schema(String name, Source source) {
    List<String> keys = input == null ? List.of(UnicodeSource.KEY) : key;
    ConflictStrategy strategy = onConflict;
    if (strategy == null) {
      strategy = keys.isEmpty() ? ConflictStrategy.FAIL : ConflictStrategy.UPDATE;
    }
    return Schema.table(name)
        .columns(source.columns().stream().map(Column::name).toList())
        .conflictKey(keys)
        .onConflict(strategy)
        .build();
  }

  private Loading load(Target target, Source source, Schema schema, Refusals refusals) {
    BatchFlow flow =
        BatchFlow.builder(target.writer())
            .defaultPolicy(BatchPolicy.builder().maxSize(batchSize).maxDelay(maxDelay).build())
            .concurrency(concurrency)
            .maxPending(Math.max(20_000, batchSize))
            .build();
    try (ProgressBar progress = progressBar(schema.table(), source.size())) {
      Loading loading = new Loading(flow, progress, refusals);
      loading.run(Flux.defer(() -> source.rows(schema, refusals)));
      return loading;
    }
  }

  private ProgressBar progressBar(String task, long size) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(size)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(100)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, 100))
        .build();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }
}
