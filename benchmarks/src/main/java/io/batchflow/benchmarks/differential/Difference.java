package io.batchflow.benchmarks.differential;

import java.util.List;

/**
 * A case that the flow ended in a way in which no plain statements do.
 *
 * @param expected how the rows end one by one
 * @param expectedTable what the table then holds
 */
record Difference(
    TableCase table,
    String problem,
    List<End> expected,
    List<String> expectedTable,
    List<End> got,
    List<String> gotTable) {

  static Difference broken(TableCase table, String problem) {
    return new Difference(table, problem, List.of(), List.of(), List.of(), List.of());
  }
}
