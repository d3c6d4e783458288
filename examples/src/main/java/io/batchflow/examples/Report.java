package io.batchflow.examples;

import io.batchflow.FlowStats;
import io.batchflow.Schema;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the program prints when it is done. */
final class Report {

  private static final int WIDEST = 40;

  private final PrintWriter out;
  private final Target target;
  private final Schema schema;

  Report(PrintWriter out, Target target, Schema schema) {
    this.out = out;
    this.target = target;
    this.schema = schema;
  }

  void loaded(Loading loading) {
    FlowStats stats = loading.stats();
    long written = stats.ledger().written();
    line("rows stored", "%,d", written);
    line("batches", "%,d", stats.batches());
    line("mean batch size", "%,.1f rows", written / (double) Math.max(1, stats.batches()));
    line("rate", "%,.0f rows/s", perSecond(written, loading.elapsed()));
    line("row to durable, p50", "%,.1f ms", millis(loading.percentile(50)));
    line("row to durable, p99", "%,.1f ms", millis(loading.percentile(99)));
  }

  void compared(Loading loading, OneByOne oneByOne) {
    double batched = perSecond(loading.stats().ledger().written(), loading.elapsed());
    double single = perSecond(oneByOne.rows(), oneByOne.elapsed());
    line("one INSERT at a time", "%,.0f rows/s", single);
    line("ratio", "%,.1f x", batched / single);
  }

  void readBack(boolean characters) {
    String from = " FROM " + target.quotedTable(schema);
    String count = target.query("SELECT COUNT(*)" + from).get(0).get(0);
    line("rows in " + schema.table(), "%,d", Long.parseLong(count));
    out.println();
    String key = target.quote(UnicodeSource.KEY);
    String some =
        characters ? " WHERE " + key + " IN (65, 181, 8364, 20013, 128512) ORDER BY " + key : "";
    List<List<String>> rows = new ArrayList<>(List.of(schema.columns()));
    String columns = String.join(", ", schema.columns().stream().map(target::quote).toList());
    rows.addAll(target.query("SELECT " + columns + from + some + " LIMIT 5"));
    table(rows);
  }

  void refused(Refusals refusals) {
    if (refusals.count() == 0) {
      out.flush();
      return;
    }
    out.println();
    out.printf(Locale.ROOT, "%,d rows refused:%n", refusals.count());
    for (Refusals.Refusal refusal : refusals.first()) {
      out.printf(Locale.ROOT, "  line %,d: %s%n", refusal.line(), refusal.reason());
    }
    long more = refusals.count() - refusals.first().size();
    if (more > 0) {
      out.printf(Locale.ROOT, "  and %,d more%n", more);
    }
    out.flush();
  }

  private void table(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cut(row.get(i)).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        text.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", cut(row.get(i))));
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static String cut(String text) {
    String oneLine = text.lines().findFirst().orElse("");
    boolean whole = oneLine.equals(text) && text.length() <= WIDEST;
    return whole ? text : oneLine.substring(0, oneLine.offsetByCodePoints(0, shown(oneLine))) + "…";
  }

  private static int shown(String line) {
    return Math.min(line.codePointCount(0, line.length()), WIDEST - 1);
  }

  private void line(String label, String format, Object value) {
    out.printf(Locale.ROOT, "%-22s " + format + "%n", label, value);
  }

  private static double perSecond(long rows, Duration elapsed) {
    return rows * 1e9 / Math.max(1, elapsed.toNanos());
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
