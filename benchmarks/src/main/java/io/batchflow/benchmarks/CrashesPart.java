package io.batchflow.benchmarks;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kills and restarts an application with a journal, on every backend. */
final class CrashesPart implements Part {

  private static final int THOROUGH = 50;
  private static final int QUICK = 2;

  private final @Nullable Integer kills;
  private final List<FaultTargets.Open<? extends StoredTable>> backends;

  CrashesPart() {
    this.kills = null;
    this.backends = new ArrayList<>(FaultTargets.SERVERS);
    backends.add(FaultTargets::sqlite);
  }

  /** Always runs with this number of kills on these backends. */
  CrashesPart(int kills, List<FaultTargets.Open<? extends StoredTable>> backends) {
    this.kills = kills;
    this.backends = backends;
  }

  @Override
  public String name() {
    return "crashes";
  }

  @Override
  public String about() {
    return "kills and restarts an application with a journal: are acknowledged rows lost";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    int each = kills != null ? kills : quick ? QUICK : THOROUGH;
    List<Figure> figures = new ArrayList<>();
    for (FaultTargets.Open<? extends StoredTable> backend : backends) {
      figures.add(run(each, out, backend));
    }
    return figures;
  }

  private static Figure run(
      int kills, PrintWriter out, FaultTargets.Open<? extends StoredTable> backend) {
    try {
      Path directory = Files.createTempDirectory("crashes");
      try (StoredTable table = backend.in(directory)) {
        return new JournalRun(table, directory.resolve("journal")).run(kills, out);
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The crashes part failed", failure);
    }
  }
}
