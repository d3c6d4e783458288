package io.batchflow.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.BitSet;

/** The table of the fault runs in some database. */
interface StoredTable extends AutoCloseable {

  /** Returns the name of the backend. */
  String name();

  /** Returns the URL for {@link TargetWriters}, usable in any process. */
  String url();

  /** Returns the ids of a range that are stored with their value by {@link FaultTarget}. */
  BitSet stored(int from, int to) throws SQLException;

  @Override
  void close() throws IOException;
}
