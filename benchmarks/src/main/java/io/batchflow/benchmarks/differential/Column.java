package io.batchflow.benchmarks.differential;

/**
 * A column of the table.
 *
 * @param clauses what follows its type in the definition: not null, a default, a generation
 * @param written whether the rows may set it
 * @param stable whether its values are the same for whoever writes the rows; sequences have gaps
 */
record Column(String name, ColumnType type, String clauses, boolean written, boolean stable) {

  String ddl() {
    return name + " " + type.sql() + (clauses.isEmpty() ? "" : " " + clauses);
  }

  /** Returns the column without its default, and without what else it need not have. */
  Column plain() {
    return new Column(name, type, "", written, stable);
  }
}
