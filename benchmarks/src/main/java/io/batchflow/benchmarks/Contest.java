package io.batchflow.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Measures several ways to write the same rows. The ways take turns in each round, so a machine
 * that drifts affects all of them alike. Another way begins in each round.
 */
final class Contest {

  private static final String LINE = "%-34s %12s %12s %12s %10s %8s  %s%n";

  private final String bench;
  private final Scale scale;
  private final PrintWriter out;

  /**
   * What a way did in a round.
   *
   * @param rate rows per second
   * @param programMicros processor time of this program per row, in microseconds
   * @param load the part of all processors that was busy, from 0 to 1, with the server's work
   */
  private record Turn(double rate, double programMicros, double load) {}

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
    List<List<Turn>> turns = new ArrayList<>();
    ways.forEach(way -> turns.add(new ArrayList<>()));
    for (int round = -scale.warmups(); round < scale.rounds(); round++) {
      for (int turn = 0; turn < ways.size(); turn++) {
        int index = Math.floorMod(round + turn, ways.size());
        Turn measured = measure(target, ways.get(index));
        if (round >= 0) {
          turns.get(index).add(measured);
        }
      }
    }
    return report(name, details, ways, turns);
  }

  /** Reports a peer that is not available here. */
  void leaveOut(String name, String reason) {
    out.printf("%-34s left out: %s%n", name, reason);
  }

  private static Turn measure(Target target, Way way) throws Exception {
    target.empty();
    System.gc();
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    system.getCpuLoad(); // the next call tells the load since this one
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    way.writing().write(way.rows());
    double seconds = (System.nanoTime() - start) / 1e9;
    double programMicros = (system.getProcessCpuTime() - cpu) / 1e3 / way.rows();
    double load = system.getCpuLoad();
    target.verify(way.rows());
    return new Turn(way.rows() / seconds, programMicros, load);
  }

  private List<Figure> report(String name, String details, List<Way> ways, List<List<Turn>> turns) {
    out.printf("%n%s: %s%n", name, details);
    out.printf(LINE, "way", "rows/s", "min", "max", "program us", "busy %", "the flow is");
    List<Figure> figures = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      Way way = ways.get(i);
      List<Turn> measured = turns.get(i);
      List<Double> sorted = sorted(measured, Turn::rate);
      double rate = median(sorted);
      double programMicros = median(sorted(measured, Turn::programMicros));
      double load = 100 * median(sorted(measured, Turn::load));
      Figure figure =
          new Figure(bench).with("contest", name.replace(' ', '_')).with("way", way.key());
      figure
          .with("rows_per_s", rate)
          .with("program_us_per_row", programMicros)
          .with("busy_percent", load);
      String verdict = "";
      if (i > 0) {
        verdict = verdict(figure, medianRatio(turns.get(0), measured), way.least());
      }
      out.printf(
          LINE,
          way.name(),
          thousands(rate),
          thousands(sorted.get(0)),
          thousands(sorted.get(sorted.size() - 1)),
          String.format(Locale.ROOT, "%.2f", programMicros),
          String.format(Locale.ROOT, "%.0f", load),
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
  private static double medianRatio(List<Turn> flow, List<Turn> peer) {
    return median(
        IntStream.range(0, flow.size())
            .mapToObj(round -> flow.get(round).rate() / peer.get(round).rate())
            .sorted()
            .toList());
  }

  private static List<Double> sorted(List<Turn> turns, Function<Turn, Double> value) {
    return turns.stream().map(value).sorted().toList();
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static String thousands(double rate) {
    return String.format(Locale.ROOT, "%,.0f", rate);
  }
}
