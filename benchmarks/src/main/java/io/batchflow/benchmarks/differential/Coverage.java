package io.batchflow.benchmarks.differential;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Counts what the tables of a run had, to show what the generator never creates. */
final class Coverage {

  private final Set<String> types = new ConcurrentSkipListSet<>();
  private final Set<String> features = new ConcurrentSkipListSet<>();
  private final Set<String> strategies = new ConcurrentSkipListSet<>();
  private final Set<String> javaTypes = new ConcurrentSkipListSet<>();

  /**
   * Counts a table.
   *
   * @param reached the features that the table or its rows have
   */
  void add(TableCase table, Set<Feature> reached) {
    table.columns().forEach(column -> types.add(column.type().sql()));
    reached.forEach(feature -> features.add(feature.name()));
    strategies.add(table.writing().strategy().name());
    for (CaseRow row : table.rows()) {
      for (Object value : row.values().values()) {
        if (value != null) {
          javaTypes.add(value.getClass().getSimpleName());
        }
      }
    }
  }

  /** Returns which of some types no table had. */
  Set<String> missingTypes(Backend backend) {
    Set<String> missing = new TreeSet<>();
    backend.types().forEach(type -> missing.add(type.sql()));
    missing.removeAll(types);
    return missing;
  }

  Set<String> features() {
    return features;
  }

  Set<String> strategies() {
    return strategies;
  }

  Set<String> javaTypes() {
    return javaTypes;
  }

  @Override
  public String toString() {
    return types.size()
        + " column types, "
        + javaTypes.size()
        + " Java types, "
        + strategies
        + ", "
        + features;
  }
}
