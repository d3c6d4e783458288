package io.batchflow.benchmarks;

import io.batchflow.benchmarks.differential.Backends;
import io.batchflow.benchmarks.differential.Differential;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Writes random tables by a flow and by plain statements, and reports differences. */
final class DifferentialPart implements Part {

  private static final int THOROUGH = 10_000;
  private static final int QUICK = 200;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "differential: the number of the first table, or 'random'. Default: 1.")
  private String firstSeed = "1";

  @Option(
      names = "--tables",
      paramLabel = "N",
      description = "differential: the number of tables for each backend.")
  private @Nullable Integer tables;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "differential: the number of tables at a time. Default: one per core.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "differential: the backend to try. Default: all.")
  private List<String> backends = Backends.NAMES;

  @Option(
      names = "--without",
      paramLabel = "FEATURE",
      description = "differential: a feature that no table may have, such as NEAR_KEYS.")
  private List<String> without = List.of();

  @Override
  public String name() {
    return "differential";
  }

  @Override
  public String about() {
    return "random tables and rows, by a flow and by plain statements: are the results equal";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    long seed =
        firstSeed.equals("random")
            ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE)
            : Long.parseLong(firstSeed);
    int count = tables != null ? tables : quick ? QUICK : THOROUGH;
    return backends.stream().map(backend -> run(backend, seed, count, out)).toList();
  }

  private Figure run(String backend, long seed, int count, PrintWriter out) {
    Differential.Found found =
        Differential.without(without, out).run(backend, seed, count, workers);
    return new Figure("differential")
        .with("backend", backend)
        .with("seed", String.valueOf(seed))
        .with("tables", String.format(Locale.ROOT, "%d", found.tables()))
        .with("rows", String.format(Locale.ROOT, "%d", found.rows()))
        .none("differences", found.differences());
  }
}
