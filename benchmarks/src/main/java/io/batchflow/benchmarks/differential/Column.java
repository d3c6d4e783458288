package io.batchflow.benchmarks.differential;

/**
 * A column of the table.
 *
 * @param clauses what follows its type in the definition: NOT NULL, a default, or a generation
 * @param written whether the rows may set it
 * @param stable whether both ways write the same values; a sequence has gaps
 */
record Column(String name, ColumnType type, String clauses, boolean written, boolean stable) {

  String ddl() {
    return name + " " + type.sql() + (clauses.isEmpty() ? "" : " " + clauses);
  }

  /** Returns the column without its default and other optional clauses. */
  Column plain() {
    return new Column(name, type, "", written, stable);
  }
}
