package io.batchflow.benchmarks;

import io.batchflow.benchmarks.kafka.Orders;
import io.batchflow.benchmarks.kafka.Sink;
import io.batchflow.benchmarks.kafka.SinkSite;
import io.batchflow.benchmarks.kafka.SinkSite.End;
import io.batchflow.benchmarks.kafka.SinkSite.Speed;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sinks of Kafka Connect in the same worker: the connector of this project and Debezium's. */
final class KafkaPart implements Part {

  /**
   * How much is measured.
   *
   * @param records of a round
   * @param bad records of the topic of which one in 999 cannot be stored
   * @param hot records of the topic with a quarter as many ids
   */
  record Size(int records, int bad, int hot, int warmups, int rounds) {

    static final Size THOROUGH = new Size(1_000_000, 100_000, 20_000, 2, 15);

    static final Size QUICK = new Size(100_000, 100_000, 20_000, 1, 3);
  }

  private static final int POISON_EVERY = 999;
  private static final int LONGEST_CAUSE = 160;
  private static final double LEAST_TO_PEER = 2;
  private static final double MOST_CPU_TO_PEER = 0.5;

  private static final List<Sink> PEERS = List.of(Sink.DEBEZIUM_PLAIN, Sink.DEBEZIUM_UNNEST);

  private final @Nullable Size only;

  /** Measures at the size of the run, quick or thorough. */
  KafkaPart() {
    this.only = null;
  }

  /** Always measures at this size. */
  KafkaPart(Size only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public String about() {
    return "records of Kafka Connect into PostgreSQL, compared with Debezium's JDBC sink";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Size size = only != null ? only : quick ? Size.QUICK : Size.THOROUGH;
    List<Figure> figures = new ArrayList<>();
    try (SinkSite site = new SinkSite()) {
      figures.addAll(upserts(site, size, out));
      figures.addAll(poison(site, size, out));
      figures.addAll(hotKeys(site, size, out));
    } catch (Exception failure) {
      throw new IllegalStateException("The kafka part failed", failure);
    }
    return figures;
  }

  private static List<Figure> upserts(SinkSite site, Size size, PrintWriter out) throws Exception {
    Orders orders = new Orders("orders", size.records(), size.records(), 0);
    site.fill(orders);
    List<Sink> sinks =
        List.of(Sink.BATCHFLOW, Sink.DEBEZIUM_PLAIN, Sink.DEBEZIUM_UNNEST, Sink.NOTHING);
    Map<Sink, List<Speed>> speeds = new LinkedHashMap<>();
    sinks.forEach(sink -> speeds.put(sink, new ArrayList<>()));
    for (int round = -size.warmups(); round < size.rounds(); round++) {
      for (int turn = 0; turn < sinks.size(); turn++) {
        Sink sink = sinks.get(Math.floorMod(round + turn, sinks.size()));
        Speed speed = site.speed(sink, orders);
        if (round >= 0) {
          speeds.getOrDefault(sink, List.of()).add(speed);
        }
      }
    }
    out.printf("%n%,d records of schemaless JSON, upserts into PostgreSQL%n", size.records());
    out.printf("%-22s %12s %16s %8s%n", "sink", "records/s", "CPU us a record", "start s");
    List<Figure> figures =
        sinks.stream()
            .map(sink -> figure(sink, speeds.getOrDefault(sink, List.of()), out))
            .toList();
    judge(figures.get(0), speeds);
    out.flush();
    return figures;
  }

  private static Figure figure(Sink sink, List<Speed> rounds, PrintWriter out) {
    Figure figure = new Figure("kafka").with("contest", "upsert").with("sink", sink.name());
    double cpu = median(rounds, Speed::cpuMicros);
    if (sink.equals(Sink.NOTHING)) {
      out.printf(Locale.ROOT, "%-22s %12s %16.2f%n", sink.name(), "", cpu);
      return figure.with("cpu_us", cpu);
    }
    double rate = median(rounds, Speed::perSecond);
    double start = median(rounds, Speed::startSeconds);
    out.printf(Locale.ROOT, "%-22s %,12.0f %16.2f %8.2f%n", sink.name(), rate, cpu, start);
    return figure.with("records_s", rate).with("cpu_us", cpu).with("start_s", start);
  }

  /** Compares with the faster peer, within rounds, by what the records cost beyond converting. */
  private static void judge(Figure ours, Map<Sink, List<Speed>> speeds) {
    List<Speed> flow = speeds.getOrDefault(Sink.BATCHFLOW, List.of());
    double converting = median(speeds.getOrDefault(Sink.NOTHING, List.of()), Speed::cpuMicros);
    List<Speed> faster = List.of();
    for (Sink peer : PEERS) {
      List<Speed> rounds = speeds.getOrDefault(peer, List.of());
      if (faster.isEmpty() || median(rounds, Speed::perSecond) > median(faster, Speed::perSecond)) {
        faster = rounds;
      }
    }
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < flow.size(); round++) {
      ratios.add(flow.get(round).perSecond() / faster.get(round).perSecond());
    }
    double cpu =
        (median(flow, Speed::cpuMicros) - converting)
            / (median(faster, Speed::cpuMicros) - converting);
    ours.atLeast("times_faster_peer", median(ratios, Double::doubleValue), LEAST_TO_PEER)
        .atMost("cpu_of_faster_peer", cpu, MOST_CPU_TO_PEER);
  }

  private static <T> double median(List<T> rounds, ToDoubleFunction<T> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static List<Figure> poison(SinkSite site, Size size, PrintWriter out) throws Exception {
    Orders orders = new Orders("poison", size.bad(), size.bad(), POISON_EVERY);
    site.fill(orders);
    Set<Long> poison = orders.poison().boxed().collect(Collectors.toSet());
    out.printf(
        "%n%,d records, of which the table refuses %d; a dead letter queue is set%n",
        size.bad(), poison.size());
    List<Figure> figures = new ArrayList<>();
    for (Sink sink : List.of(Sink.BATCHFLOW, Sink.DEBEZIUM_PLAIN, Sink.DEBEZIUM_UNNEST)) {
      End end = site.end(sink, orders);
      Set<Long> wrong = new HashSet<>(end.letters());
      wrong.removeAll(poison);
      Figure figure =
          told("poison", sink, orders, end, out).with("letters", count(end.letters().size()));
      if (sink.equals(Sink.BATCHFLOW)) {
        figure
            .none("letters_missing", poison.size() - (end.letters().size() - wrong.size()))
            .none("letters_of_good_records", wrong.size())
            .none("letters_repeated", end.repeated())
            .none("letters_without_reason", end.unexplained());
      }
      figures.add(figure);
    }
    return figures;
  }

  private static List<Figure> hotKeys(SinkSite site, Size size, PrintWriter out) throws Exception {
    Orders orders = new Orders("hot", size.hot(), size.hot() / 4, 0);
    site.fill(orders);
    out.printf("%n%,d records of %,d ids%n", size.hot(), size.hot() / 4);
    List<Figure> figures = new ArrayList<>();
    for (Sink sink :
        List.of(
            Sink.BATCHFLOW, Sink.DEBEZIUM_PLAIN, Sink.DEBEZIUM_UNNEST, Sink.DEBEZIUM_UNNEST_ONLY)) {
      figures.add(told("hot_keys", sink, orders, site.end(sink, orders), out));
    }
    return figures;
  }

  /** Tells how a sink ended; only that of this project must end well. */
  private static Figure told(String contest, Sink sink, Orders orders, End end, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-22s %,9d of %,d rows, %d letters, %d tasks failed, after %.1f s%n",
        sink.name(),
        end.rows(),
        orders.rows(),
        end.letters().size() + end.repeated(),
        end.failed(),
        end.seconds());
    if (!end.trace().isEmpty()) {
      out.printf("    %s%n", cause(end.trace()));
    }
    out.flush();
    Figure figure =
        new Figure("kafka")
            .with("contest", contest)
            .with("sink", sink.name())
            .with("seconds", end.seconds());
    if (sink.equals(Sink.BATCHFLOW)) {
      return figure
          .none("rows_missing", orders.rows() - end.rows())
          .none("rows_wrong", end.asExpected() ? 0 : 1)
          .none("tasks_failed", end.failed());
    }
    return figure
        .with("rows", count(end.rows()))
        .with("rows_expected", count(orders.rows()))
        .with("tasks_failed", count(end.failed()));
  }

  /** Returns the begin of the last cause in a trace. */
  private static String cause(String trace) {
    int last = trace.lastIndexOf("Caused by: ");
    String line = trace.substring(Math.max(0, last)).lines().findFirst().orElse("");
    return line.substring(0, Math.min(line.length(), LONGEST_CAUSE));
  }

  private static String count(long value) {
    return String.valueOf(value);
  }
}
