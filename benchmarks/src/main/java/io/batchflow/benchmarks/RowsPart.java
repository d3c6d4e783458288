package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares a row that is mapped from a record with one whose columns are set by hand. */
final class RowsPart implements Part {

  private static final double MOST_TO_POSITIONAL = 1.5;

  /** The rounding of JMH's figure. */
  private static final double NO_BYTES = 0.5;

  @Override
  public String name() {
    return "rows";
  }

  @Override
  public String about() {
    return "the cost of mapping a record of ten columns, compared with setting them by position";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    out.printf("%-12s %9s %9s %9s %9s%n", "way", "ns/row", "min", "max", "B/row");
    Map<String, Cost> costs = Jmh.measure(quick, RowsBenchmark.class);
    Cost positional = Cost.of(costs, "positional");
    Cost mapped = Cost.of(costs, "mapped");
    print(out, "positional", positional);
    print(out, "mapped", mapped);
    return List.of(
        figure("positional", positional),
        figure("mapped", mapped)
            .atMost("ratio_to_positional", mapped.nanos() / positional.nanos(), MOST_TO_POSITIONAL)
            .atMost("bytes_more", mapped.bytes() - positional.bytes(), NO_BYTES));
  }

  private static Figure figure(String way, Cost cost) {
    return new Figure("rows")
        .with("way", way)
        .with("ns_per_row", cost.nanos())
        .with("bytes_per_row", cost.bytes());
  }

  private static void print(PrintWriter out, String way, Cost cost) {
    out.printf(
        Locale.ROOT,
        "%-12s %9.1f %9.1f %9.1f %9.1f%n",
        way,
        cost.nanos(),
        cost.min(),
        cost.max(),
        cost.bytes());
    out.flush();
  }
}
