package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Measures the ways of one backend at each rate, in turn, and prints the times. */
final class LatencyRun {

  /**
   * How much is measured.
   *
   * @param rates in rows per second
   * @param seconds the length of a round
   */
  record Load(List<Integer> rates, int warmUpRows, int rounds, int seconds) {

    static final Load THOROUGH =
        new Load(List.of(500, 1_000, 5_000, 20_000, 60_000), 100_000, 5, 2);

    static final Load QUICK = new Load(THOROUGH.rates, THOROUGH.warmUpRows, 3, 1);
  }

  private static final int WARM_UP_RATE = 10_000;

  /** The code for single rows runs only at low rates, so it is warmed up at one as well. */
  private static final int QUIET_WARM_UP_RATE = 2_000;

  private static final int QUIET = 1_000;
  private static final double MILLIS = 1e6;
  private static final double CPU_SECONDS_A_MILLION = 1e-3;

  /**
   * The median of the rounds.
   *
   * @param batch rows per write
   * @param cpu processor time of this program without that of the measurement itself, in seconds
   *     per million rows
   * @param switches context switches of this program per row
   */
  record Taken(double p50, double p99, double p999, double batch, double cpu, double switches) {}

  private record Round(OpenLoop.Measured measured, long writes, int rows) {

    double millis(double percentile) {
      return measured.latency().getValueAtPercentile(percentile) / MILLIS;
    }

    double cpu() {
      return (double) measured.cost().cpuNanos() / rows * CPU_SECONDS_A_MILLION;
    }
  }

  private final String backend;
  private final List<Arrivals> ways;
  private final Load load;
  private final PrintWriter out;
  private int nextRow;

  LatencyRun(String backend, List<Arrivals> ways, Load load, PrintWriter out) {
    this.backend = backend;
    this.ways = new ArrayList<>(ways);
    this.ways.add(0, Arrivals.nothing());
    this.load = load;
    this.out = out;
  }

  /** Returns the times of each way at each rate that it can keep up with. */
  Map<Integer, Map<String, Taken>> run() throws InterruptedException {
    out.printf("%n%s, one row at a time%n", backend);
    out.printf(
        "%8s  %-16s %9s %9s %9s %9s %12s %9s%n",
        "rows/s", "way", "p50 ms", "p99 ms", "p99.9 ms", "rows/wr", "CPU s/10^6", "switches");
    warmUp(load.warmUpRows(), WARM_UP_RATE);
    warmUp(load.warmUpRows(), QUIET_WARM_UP_RATE);
    Map<Integer, Map<String, Taken>> taken = new LinkedHashMap<>();
    for (int rate : load.rates()) {
      taken.put(rate, at(rate));
    }
    if (ThreadCosts.areKnown()) {
      trace();
    }
    return taken;
  }

  private void warmUp(int rows, int rate) throws InterruptedException {
    for (Arrivals way : ways) {
      OpenLoop.run(way.store(), take(rows), rows, Math.min(way.fastest(), rate));
    }
  }

  /** Prints which threads the processor time of a quiet table goes to. */
  private void trace() throws InterruptedException {
    int rate = Math.min(QUIET, Collections.max(load.rates()));
    int rows = rate * load.rounds() * load.seconds();
    out.printf("%n%s, %,d rows/s, by thread%n", backend, rate);
    ThreadCosts.printTitle(out);
    for (Arrivals way : ways) {
      ThreadCosts before = ThreadCosts.now();
      OpenLoop.run(way.store(), take(rows), rows, rate);
      ThreadCosts.now().since(before).print(way.name(), rows, out);
    }
  }

  private Map<String, Taken> at(int rate) throws InterruptedException {
    List<Arrivals> able = ways.stream().filter(way -> rate <= way.fastest()).toList();
    Map<String, List<Round>> measured = new LinkedHashMap<>();
    for (int round = 0; round < load.rounds(); round++) {
      for (int i = 0; i < able.size(); i++) {
        Arrivals way = able.get((i + round) % able.size());
        measured.computeIfAbsent(way.name(), name -> new ArrayList<>()).add(round(way, rate));
      }
    }
    double own = median(rounds(measured, Arrivals.NOTHING), Round::cpu);
    Map<String, Taken> taken = new LinkedHashMap<>();
    for (Arrivals way : able) {
      double without = way.name().equals(Arrivals.NOTHING) ? 0 : own;
      Taken median = median(rounds(measured, way.name()), without);
      taken.put(way.name(), median);
      print(rate, way.name(), median);
    }
    return taken;
  }

  private static List<Round> rounds(Map<String, List<Round>> measured, String way) {
    return Objects.requireNonNull(measured.get(way), way);
  }

  private Round round(Arrivals way, int rate) throws InterruptedException {
    int rows = rate * load.seconds();
    long before = way.writes().getAsLong();
    OpenLoop.Measured measured = OpenLoop.run(way.store(), take(rows), rows, rate);
    return new Round(measured, way.writes().getAsLong() - before, rows);
  }

  /** Returns the first of so many unused row numbers. */
  private int take(int rows) {
    int first = nextRow;
    nextRow += rows;
    return first;
  }

  private static Taken median(List<Round> rounds, double own) {
    return new Taken(
        median(rounds, round -> round.millis(50)),
        median(rounds, round -> round.millis(99)),
        median(rounds, round -> round.millis(99.9)),
        median(rounds, round -> (double) round.rows / Math.max(1, round.writes)),
        median(rounds, Round::cpu) - own,
        median(rounds, round -> (double) round.measured.cost().switches() / round.rows));
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    return rounds.stream().mapToDouble(value).sorted().toArray()[rounds.size() / 2];
  }

  private void print(int rate, String way, Taken taken) {
    out.printf(
        Locale.ROOT,
        "%,8d  %-16s %9.2f %9.2f %9.2f %9.1f %12.1f %9.2f%n",
        rate,
        way,
        taken.p50(),
        taken.p99(),
        taken.p999(),
        taken.batch(),
        taken.cpu(),
        taken.switches());
    out.flush();
  }
}
