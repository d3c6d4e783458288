package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kills and restarts servers while rows are written. */
final class FaultsPart implements Part {

  private static final Size THOROUGH = new Size(1_000_000, 20, 1_000, 31);
  private static final Size QUICK = new Size(200_000, 5, 40, 15);

  private final @Nullable Size only;

  /**
   * How much is written, and how many faults happen.
   *
   * @param rows the number of rows, at least two for each kill
   * @param schedules the number of random fault schedules that a proxy plays, or 0
   * @param rounds the number of rounds with bad rows, and of rounds without
   */
  record Size(int rows, int kills, int schedules, int rounds) {}

  FaultsPart() {
    this.only = null;
  }

  /** Always runs at this size. */
  FaultsPart(Size only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "faults";
  }

  @Override
  public String about() {
    return "kills and restarts servers under load: are rows lost, wrongly reported or unanswered";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Size size = only != null ? only : quick ? QUICK : THOROUGH;
    List<Figure> figures = new ArrayList<>();
    for (FaultTargets.Open<FaultTarget> server : FaultTargets.SERVERS) {
      figures.addAll(run(size, out, server));
    }
    return figures;
  }

  private static List<ConflictStrategy> proxied(Size size) {
    return size.schedules() == 0
        ? List.of()
        : List.of(ConflictStrategy.FAIL, ConflictStrategy.UPDATE);
  }

  private static List<Figure> run(Size size, PrintWriter out, FaultTargets.Open<FaultTarget> open) {
    try {
      Path directory = Files.createTempDirectory("faults");
      directory.toFile().deleteOnExit();
      try (FaultTarget target = open.in(directory)) {
        KillRun kills = new KillRun(target, size);
        kills.go();
        List<Figure> figures = new ArrayList<>();
        figures.add(kills.report(out));
        if (target instanceof SqlFaultTarget sql) {
          figures.add(new BadRowsRun(sql).run(size.rounds(), out));
        }
        for (ConflictStrategy strategy : proxied(size)) {
          figures.add(new ProxyRuns(target, strategy, size.rows()).run(size.schedules(), out));
        }
        return figures;
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The faults part failed", failure);
    }
  }
}
