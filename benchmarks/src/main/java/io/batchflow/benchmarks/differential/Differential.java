package io.batchflow.benchmarks.differential;

import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares flow and plain statements over many tables of one backend. */
public final class Differential {

  private static final int MOST_PRINTED = 20;

  private final Set<Feature> features;
  private final PrintWriter out;

  /**
   * What a run found.
   *
   * @param tables how many tables were tried
   * @param rows how many rows were written by the flow
   * @param differences how many tables ended otherwise than by plain statements
   */
  public record Found(int tables, long rows, int differences) {}

  Differential(Set<Feature> features, PrintWriter out) {
    this.features = features;
    this.out = out;
  }

  /** Creates a run without the features of some names, of {@link Feature}. */
  public static Differential without(List<String> names, PrintWriter out) {
    Set<Feature> features = EnumSet.allOf(Feature.class);
    names.forEach(name -> features.remove(Feature.valueOf(name)));
    return new Differential(features, out);
  }

  /** Creates a run with every feature of tables. */
  public static Differential ofEverything(PrintWriter out) {
    return new Differential(EnumSet.allOf(Feature.class), out);
  }

  /**
   * Tries tables; each that differs is made small and printed, with the seed that makes it again.
   *
   * @param backend one of {@link Backends#NAMES}
   * @param seed the number of the first table; the others count on from it
   */
  public Found run(String backend, long seed, int tables) {
    try (Backend database = Backends.open(backend)) {
      Comparison comparison = new Comparison(database);
      long rows = 0;
      int differences = 0;
      for (int number = 0; number < tables; number++) {
        TableCase table = CaseGenerator.of(database, features, seed + number);
        rows += table.rows().size();
        Optional<Difference> found = comparison.of(table);
        if (found.isPresent() && ++differences <= MOST_PRINTED) {
          out.println(Report.of(backend, Shrinker.shrink(comparison, found.get())));
          out.flush();
        }
      }
      return new Found(tables, rows, differences);
    } catch (IOException | SQLException failure) {
      throw new IllegalStateException("The differential test of " + backend + " failed", failure);
    }
  }
}
