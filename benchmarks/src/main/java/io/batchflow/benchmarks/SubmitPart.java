package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares the cost of submitting a row with plain compositions of operators. */
final class SubmitPart implements Part {

  private static final double MOST_NANOS = 150;
  private static final double MOST_BYTES = 200;
  private static final double MOST_TO_PLAIN = 1.5;
  private static final double MOST_GROWTH = 1.5;
  private static final double MOST_FOR_METERS = 40;

  @Override
  public String name() {
    return "submit";
  }

  @Override
  public String about() {
    return "the cost of a row from submission to outcome, compared with plain operators";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    out.println("2 producers, a writer that does nothing, batches of 1,000; wall time per row");
    out.printf("%-28s %9s %9s %9s %9s%n", "way", "ns/row", "min", "max", "B/row");

    Map<String, Cost> tables = Jmh.measure(quick, SubmitBenchmark.class);
    Map<String, Cost> peers = Jmh.measure(quick, PlainBenchmark.class);
    Cost own = Cost.of(tables, "batchflow 1");
    Cost plain = Cost.of(peers, "plain");
    Cost awaited = Cost.of(peers, "plainWithOutcome");
    print(out, "BatchFlow, outcome awaited", own);
    print(out, "plain, no outcome", plain);
    print(out, "plain, outcome by a sink", awaited);

    List<Figure> figures = new ArrayList<>();
    figures.add(
        figure("batchflow", own)
            .atMost("ns_per_row", own.nanos(), MOST_NANOS)
            .atMost("bytes_per_row", own.bytes(), MOST_BYTES)
            .atMost("ratio_to_plain", own.nanos() / plain.nanos(), MOST_TO_PLAIN));
    figures.add(plainFigure("plain", plain));
    figures.add(plainFigure("plain_with_outcome", awaited));
    meters(quick, out, figures);
    growth(out, figures, "tables", tables);
    growth(out, figures, "queued", Jmh.measure(quick, QueueBenchmark.class));
    return figures;
  }

  /** Compares a flow whose meters are in a registry with the same flow without a registry. */
  private static void meters(boolean quick, PrintWriter out, List<Figure> figures) {
    Map<String, Cost> costs = Jmh.measure(quick, MetersBenchmark.class);
    Cost bare = Cost.of(costs, "batchflow false");
    Cost metered = Cost.of(costs, "batchflow true");
    print(out, "BatchFlow, without meters", bare);
    print(out, "BatchFlow, with a registry", metered);
    figures.add(
        figure("batchflow_metered", metered)
            .with("ns_per_row", metered.nanos())
            .atMost("ns_more", metered.nanos() - bare.nanos(), MOST_FOR_METERS));
  }

  private static Figure figure(String way, Cost cost) {
    return new Figure("submit")
        .with("way", way)
        .with("ns_min", cost.min())
        .with("ns_max", cost.max());
  }

  private static Figure plainFigure(String way, Cost cost) {
    return figure(way, cost).with("ns_per_row", cost.nanos()).with("bytes_per_row", cost.bytes());
  }

  /** Adds costs that must not grow from the first to the last. */
  private static void growth(
      PrintWriter out, List<Figure> figures, String what, Map<String, Cost> costs) {
    double first = costs.values().iterator().next().nanos();
    costs.forEach(
        (name, cost) -> {
          String count = name.substring(name.indexOf(' ') + 1);
          print(out, "BatchFlow, " + count + " " + what, cost);
          figures.add(
              figure("batchflow", cost)
                  .with(what, count)
                  .with("ns_per_row", cost.nanos())
                  .atMost("ratio_to_first", cost.nanos() / first, MOST_GROWTH));
        });
  }

  private static void print(PrintWriter out, String label, Cost cost) {
    out.printf(
        Locale.ROOT,
        "%-28s %9.1f %9.1f %9.1f %9.1f%n",
        label,
        cost.nanos(),
        cost.min(),
        cost.max(),
        cost.bytes());
    out.flush();
  }
}
