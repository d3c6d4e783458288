package io.batchflow.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.function.ObjIntConsumer;

/** The table of the fault runs in some database. */
interface StoredTable extends AutoCloseable {

  /** Returns the name of the backend. */
  String name();

  /** Returns the URL for {@link TargetWriters}, usable in any process. */
  String url();

  /** Passes on the value and the id of each stored row of a range. */
  void read(int from, int to, ObjIntConsumer<String> rows) throws SQLException;

  /** Returns the ids of a range that are stored with their value by {@link FaultTarget}. */
  default BitSet stored(int from, int to) throws SQLException {
    BitSet stored = new BitSet();
    read(from, to, (value, id) -> stored.set(id, FaultTarget.value(id).equals(value)));
    return stored;
  }

  @Override
  void close() throws IOException;
}
