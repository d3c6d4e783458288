package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures several ways to write the same rows. The ways take turns in each round, so a machine
 * that drifts affects all of them alike. Another way begins in each round.
 */
final class Contest {

  private static final String LINE = "%-34s %12s %12s %12s  %s%n";

  private final String bench;
  private final Scale scale;
  private final PrintWriter out;

  /** The target of the rows. */
  interface Target {

    /** Restores the state before any row. */
    void empty() throws Exception;

    /**
     * Checks that it holds the first rows and no others.
     *
     * @throws IllegalStateException if it does not, as the speed of a wrong result means nothing
     */
    void verify(int rows) throws Exception;
  }

  /**
   * Creates a contest.
   *
   * @param bench the name of the benchmark in its figures
   */
  Contest(String bench, Scale scale, PrintWriter out) {
    this.bench = bench;
    this.scale = scale;
    this.out = out;
  }

  /**
   * Measures the ways.
   *
   * @param ways the flow first, then its peers
   */
  List<Figure> run(String name, String details, Target target, List<Way> ways) throws Exception {
    List<List<Double>> rates = new ArrayList<>();
    ways.forEach(way -> rates.add(new ArrayList<>()));
    for (int round = -scale.warmups(); round < scale.rounds(); round++) {
      for (int turn = 0; turn < ways.size(); turn++) {
        int index = Math.floorMod(round + turn, ways.size());
        double rate = measure(target, ways.get(index));
        if (round >= 0) {
          rates.get(index).add(rate);
        }
      }
    }
    return report(name, details, ways, rates);
  }

  /** Reports a peer that is not available here. */
  void leaveOut(String name, String reason) {
    out.printf("%-34s left out: %s%n", name, reason);
  }

  private static double measure(Target target, Way way) throws Exception {
    target.empty();
    System.gc();
    long start = System.nanoTime();
    way.writing().write(way.rows());
    double seconds = (System.nanoTime() - start) / 1e9;
    target.verify(way.rows());
    return way.rows() / seconds;
  }

  private List<Figure> report(
      String name, String details, List<Way> ways, List<List<Double>> rates) {
    out.printf("%n%s: %s%n", name, details);
    out.printf(LINE, "way", "rows/s", "min", "max", "the flow is");
    List<Figure> figures = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      Way way = ways.get(i);
      List<Double> sorted = rates.get(i).stream().sorted().toList();
      double rate = median(sorted);
      Figure figure =
          new Figure(bench).with("contest", name.replace(' ', '_')).with("way", way.key());
      figure.with("rows_per_s", rate);
      String verdict = "";
      if (i > 0) {
        verdict = verdict(figure, medianRatio(rates.get(0), rates.get(i)), way.least());
      }
      out.printf(
          LINE,
          way.name(),
          thousands(rate),
          thousands(sorted.get(0)),
          thousands(sorted.get(sorted.size() - 1)),
          verdict);
      figures.add(figure);
    }
    out.flush();
    return figures;
  }

  private static String verdict(Figure figure, double ratio, double least) {
    if (least == 0) {
      figure.with("flow_ratio", ratio);
      return String.format(Locale.ROOT, "%.3f ×", ratio);
    }
    figure.atLeast("flow_ratio", ratio, least);
    return String.format(
        Locale.ROOT, "%.3f × (at least %.2f) %s", ratio, least, figure.isKept() ? "PASS" : "MISS");
  }

  /** Compares within rounds, as the medians of the ways may come from rounds of different speed. */
  private static double medianRatio(List<Double> flow, List<Double> peer) {
    return median(
        IntStream.range(0, flow.size())
            .mapToObj(round -> flow.get(round) / peer.get(round))
            .sorted()
            .toList());
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static String thousands(double rate) {
    return String.format(Locale.ROOT, "%,.0f", rate);
  }
}
