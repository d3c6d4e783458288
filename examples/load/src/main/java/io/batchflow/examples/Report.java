package io.batchflow.examples;

import io.batchflow.examples.Rejections.Rejection;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Prints the report of a load: figures to one writer, problems to the other. */
final class Report {

  private static final int SHOWN_COLUMNS = 8;
  private static final int SHOWN_ROWS = 8;

  private final PrintWriter out;
  private final PrintWriter err;

  Report(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  void begin(Source source, Table table, Target target) {
    print("%s into table %s of %s", source.description(), table.schema().table(), target.name());
  }

  void figures(Tally tally) {
    out.println();
    figure("rows", "%,d stored in %s", tally.stored(), seconds(tally.elapsed()));
    figure("batches", "%,d of %,.1f rows on average", tally.batches(), tally.meanBatchSize());
    figure("speed", "%,.0f rows/s", tally.rowsPerSecond());
    if (tally.stored() > 0) {
      figure(
          "submit to durable",
          "p50 %,.1f ms, p99 %,.1f ms",
          tally.millisAt(50),
          tally.millisAt(99));
      out.println(
          "  A load keeps the flow full, so rows mostly wait for the database during that time.");
    }
  }

  void comparison(OneByOne alone, Tally tally) {
    if (alone.rows() < OneByOne.FEWEST_ROWS) {
      figure(
          "one INSERT each",
          "too few rows to compare: at least %,d are needed",
          OneByOne.FEWEST_ROWS);
      return;
    }
    figure(
        "one INSERT each",
        "%,.0f rows/s over %,d rows; at that speed all rows would take %s",
        alone.rowsPerSecond(),
        alone.rows(),
        seconds(Duration.ofMillis((long) (tally.stored() / alone.rowsPerSecond() * 1e3))));
    figure("ratio", "%.1f times as fast in batches", tally.rowsPerSecond() / alone.rowsPerSecond());
  }

  void rows(Target target, Source source, Table table) {
    int columns = Math.min(SHOWN_COLUMNS, table.schema().columns().size());
    String select = table.select(columns, source.showpieces(), SHOWN_ROWS);
    print("%nThe table has %s now.%n", rows(table.count()));
    new TextTable(table.schema().columns().subList(0, columns), target.query(select))
        .lines()
        .forEach(out::println);
    out.flush();
  }

  void rejections(Source source, Rejections rejections) {
    if (rejections.count() == 0) {
      return;
    }
    err.printf(
        Locale.ROOT,
        "%n%s %s not stored:%n",
        rows(rejections.count()),
        rejections.count() == 1 ? "was" : "were");
    for (Rejection rejection : rejections.first()) {
      err.printf("  %s: %s%n", source.place(rejection.position()), rejection.reason());
    }
    long more = rejections.count() - rejections.first().size();
    if (more > 0) {
      err.printf(Locale.ROOT, "  and %,d more%n", more);
    }
    err.flush();
  }

  void failure(String line) {
    err.println(line);
    err.flush();
  }

  private void figure(String name, String format, Object... arguments) {
    print("  %-18s %s", name, String.format(Locale.ROOT, format, arguments));
  }

  private void print(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
    out.println();
    out.flush();
  }

  static String rows(long count) {
    return String.format(Locale.ROOT, count == 1 ? "%,d row" : "%,d rows", count);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%,.2f s", time.toNanos() / 1e9);
  }
}
