package io.batchflow.benchmarks.differential;

import io.batchflow.BatchWriter;
import java.util.List;

/** A database for the tables of the cases: one for the flow, and one for plain statements. */
interface Site extends AutoCloseable {

  /** Runs statements without parameters. */
  void run(List<String> statements);

  /** Returns the rows of a query, each value as text. */
  List<List<String>> query(String sql, int columns);

  /** Runs a statement with its parameters on the connection for plain statements. */
  void execute(String sql, List<Parameter> parameters) throws Rejection;

  /** Returns the number that is the result of a query with parameters. */
  long count(String sql, List<Parameter> parameters) throws Rejection;

  /** Begins a transaction of plain statements. */
  void begin();

  /** Ends the transaction. */
  void commit();

  /** Returns a new writer, which has looked no table up. */
  BatchWriter writer();

  @Override
  void close();
}
