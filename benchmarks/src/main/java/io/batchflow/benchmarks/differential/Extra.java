package io.batchflow.benchmarks.differential;

import java.util.List;

/**
 * Something a table has beyond its columns and its key: a check, a trigger, a foreign key.
 *
 * @param columns the columns that it names, without which it cannot be
 * @param before statements that come before the table
 * @param inTable what it adds to the definition of the table; empty if nothing
 * @param after statements that come after the table
 */
record Extra(List<String> columns, List<String> before, String inTable, List<String> after) {

  static Extra constraint(String sql, String... columns) {
    return new Extra(List.of(columns), List.of(), sql, List.of());
  }

  static Extra after(List<String> statements, String... columns) {
    return new Extra(List.of(columns), List.of(), "", statements);
  }
}
