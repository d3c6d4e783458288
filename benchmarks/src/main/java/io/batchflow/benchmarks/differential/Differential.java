package io.batchflow.benchmarks.differential;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Compares flow and plain statements over many tables of one backend. */
public final class Differential {

  private static final int MOST_PRINTED = 20;

  private final Set<Feature> features;
  private final PrintWriter out;
  private final AtomicInteger printed = new AtomicInteger();

  /**
   * The result of a run.
   *
   * @param tables the number of tables
   * @param rows the number of rows that the flow wrote
   * @param differences the number of tables with a difference
   */
  public record Found(int tables, long rows, int differences) {

    Found and(Found other) {
      return new Found(tables + other.tables, rows + other.rows, differences + other.differences);
    }
  }

  Differential(Set<Feature> features, PrintWriter out) {
    this.features = features;
    this.out = out;
  }

  /** Creates a run without the features with these names, see {@link Feature}. */
  public static Differential without(List<String> names, PrintWriter out) {
    Set<Feature> features = EnumSet.allOf(Feature.class);
    names.forEach(name -> features.remove(Feature.valueOf(name)));
    return new Differential(features, out);
  }

  /** Creates a run with every feature. */
  public static Differential ofEverything(PrintWriter out) {
    return new Differential(EnumSet.allOf(Feature.class), out);
  }

  /**
   * Tries tables. Shrinks and prints each table that differs, with the seed to repeat it.
   *
   * @param backend one of {@link Backends#NAMES}
   * @param seed the number of the first table; the others follow
   * @param workers the number of tables at a time, each in its own databases
   */
  public Found run(String backend, long seed, int tables, int workers) {
    AtomicInteger next = new AtomicInteger();
    Coverage coverage = new Coverage();
    List<Callable<Found>> shares =
        Collections.nCopies(workers, () -> share(backend, seed, tables, next, coverage));
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try {
      Found sum = new Found(0, 0, 0);
      for (Future<Found> share : threads.invokeAll(shares)) {
        sum = sum.and(share.get());
      }
      out.println(backend + " from seed " + seed + ": " + coverage);
      return sum;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", interrupted);
    } catch (ExecutionException failure) {
      throw new IllegalStateException("The differential test of " + backend + " failed", failure);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Tries tables until none is left. */
  private Found share(String backend, long seed, int tables, AtomicInteger next, Coverage coverage)
      throws IOException, SQLException {
    try (Backend database = Backends.open(backend)) {
      Comparison comparison = new Comparison(database);
      Found sum = new Found(0, 0, 0);
      for (int number = next.getAndIncrement(); number < tables; number = next.getAndIncrement()) {
        TableCase table = CaseGenerator.of(database, features, seed + number, coverage);
        Optional<Difference> found = comparison.of(table);
        found.ifPresent(difference -> print(backend, comparison, difference));
        sum = sum.and(new Found(1, table.rows().size(), found.isPresent() ? 1 : 0));
      }
      return sum;
    }
  }

  private void print(String backend, Comparison comparison, Difference difference) {
    if (printed.incrementAndGet() <= MOST_PRINTED) {
      String report = Report.of(backend, Shrinker.shrink(comparison, difference));
      synchronized (out) {
        out.println(report);
        out.flush();
      }
    }
  }
}
