package io.batchflow.benchmarks.differential;

import io.batchflow.BatchWriter;
import java.util.List;

/** A database in which the tables of the cases are made: one for the flow, one for plain rows. */
interface Site extends AutoCloseable {

  /** Runs statements without parameters. */
  void run(List<String> statements);

  /** Returns the rows of a query, each value as text. */
  List<List<String>> query(String sql, int columns);

  /** Runs a statement with its parameters on the one connection of plain statements. */
  void execute(String sql, List<Parameter> parameters) throws Rejection;

  /** Returns the number that a query with parameters returns. */
  long count(String sql, List<Parameter> parameters) throws Rejection;

  /** Begins a transaction of plain statements. */
  void begin();

  /** Ends the transaction. */
  void commit();

  /** Returns a writer that knows no table yet. */
  BatchWriter writer();

  @Override
  void close();
}
