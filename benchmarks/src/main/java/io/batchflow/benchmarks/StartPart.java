package io.batchflow.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Measures the first rows of a JVM, by the flow and by hand, each time in a new JVM. */
final class StartPart implements Part {

  private static final int ROWS = 200_000;

  private final @Nullable Size only;

  /** How often it measures, and how many rows. */
  record Size(int rows, int rounds) {}

  /** What one JVM took for its rows, from its start to the last outcome. */
  private record Start(double seconds, double cpu, double classes) {}

  /** Measures at the size of the run, quick or thorough. */
  StartPart() {
    this.only = null;
  }

  /** Always measures at this size. */
  StartPart(Size only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String about() {
    return "the first 200,000 rows of a JVM, compared with hand-written code";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Size size = only != null ? only : new Size(ROWS, quick ? 3 : 11);
    List<Figure> figures = new ArrayList<>();
    try {
      for (StartTarget target : StartTarget.values()) {
        figures.add(target.on((url, table) -> measure(target, url, table, size, out)));
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The start part failed", failure);
    }
    return figures;
  }

  private static Figure measure(
      StartTarget target, String url, Contest.Target table, Size size, PrintWriter out)
      throws Exception {
    List<Start> flows = new ArrayList<>();
    List<Start> hands = new ArrayList<>();
    for (int round = 0; round < size.rounds(); round++) {
      for (boolean flow : new boolean[] {round % 2 == 0, round % 2 != 0}) {
        table.empty();
        (flow ? flows : hands).add(start(target, flow, url, size.rows()));
        table.verify(size.rows());
      }
    }
    Start flow = median(flows);
    Start hand = median(hands);
    out.printf("%n%s: the first %,d rows of a JVM%n", target.about, size.rows());
    out.printf("%-10s %8s %12s %8s%n", "way", "seconds", "CPU seconds", "classes");
    print("flow", flow, out);
    print("by hand", hand, out);
    out.flush();
    return new Figure("start")
        .with("backend", target.name().toLowerCase(Locale.ROOT))
        .with("flow_s", flow.seconds())
        .with("hand_s", hand.seconds())
        .with("flow_cpu_s", flow.cpu())
        .with("hand_cpu_s", hand.cpu())
        .with("flow_classes", flow.classes())
        .with("hand_classes", hand.classes())
        .with("flow_ratio", hand.seconds() / flow.seconds());
  }

  private static void print(String way, Start start, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%-10s %8.2f %12.2f %8.0f%n",
        way,
        start.seconds(),
        start.cpu(),
        start.classes());
  }

  private static Start start(StartTarget target, boolean flow, String url, int rows)
      throws IOException, InterruptedException {
    Process app =
        ChildJvm.of(
                StartApp.class,
                List.of("-Xmx512m"),
                target.name(),
                String.valueOf(flow),
                url,
                String.valueOf(rows))
            .start();
    try (BufferedReader lines = app.inputReader()) {
      // Libraries may print before it.
      String last = lines.lines().reduce((before, line) -> line).orElse("");
      if (app.waitFor() != 0) {
        throw new IOException("The program that writes to " + target.about + " failed");
      }
      String[] values = last.split(" ", -1);
      return new Start(
          Double.parseDouble(values[0]),
          Double.parseDouble(values[1]),
          Double.parseDouble(values[2]));
    } finally {
      app.destroyForcibly();
    }
  }

  private static Start median(List<Start> starts) {
    return new Start(
        median(starts, Start::seconds), median(starts, Start::cpu), median(starts, Start::classes));
  }

  private static double median(List<Start> starts, ToDoubleFunction<Start> value) {
    return starts.stream()
        .sorted(Comparator.comparingDouble(value))
        .mapToDouble(value)
        .skip(starts.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
