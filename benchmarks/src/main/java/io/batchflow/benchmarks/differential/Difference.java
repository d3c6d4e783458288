package io.batchflow.benchmarks.differential;

import java.util.List;

/**
 * A case in which the result of the flow differs from that of plain statements in every order.
 *
 * @param expected the ends of the rows when they are written one by one
 * @param expectedTable the content of the table after that
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
