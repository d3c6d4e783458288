package io.batchflow.benchmarks.differential;

import java.util.List;

/**
 * A part of a table beyond its columns and its key: a check, a trigger, or a foreign key.
 *
 * @param columns the columns that it needs
 * @param before statements that run before the table is created
 * @param inTable its text in the definition of the table; may be empty
 * @param after statements that run after the table is created
 */
record Extra(List<String> columns, List<String> before, String inTable, List<String> after) {

  static Extra constraint(String sql, String... columns) {
    return new Extra(List.of(columns), List.of(), sql, List.of());
  }

  static Extra after(List<String> statements, String... columns) {
    return new Extra(List.of(columns), List.of(), "", statements);
  }
}
