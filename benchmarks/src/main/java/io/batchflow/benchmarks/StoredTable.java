package io.batchflow.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.BitSet;

/** The table of all faults in some database: how to write to it, and what it holds. */
interface StoredTable extends AutoCloseable {

  /** Returns the name of the backend. */
  String name();

  /** Returns what {@link TargetWriters} opens, in whichever process. */
  String url();

  /** Returns the ids of a range that are there with the value that {@link FaultTarget} says. */
  BitSet stored(int from, int to) throws SQLException;

  @Override
  void close() throws IOException;
}
