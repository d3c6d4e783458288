package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.testservers.KillableServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.BitSet;

/** A server to kill, the table in it, and what it holds in the end. */
interface FaultTarget extends AutoCloseable {

  String name();

  KillableServer server();

  /**
   * Opens a writer.
   *
   * @param port the server's, or that of a proxy before it
   */
  BatchWriter writer(int port);

  /** Returns the ids of a range that are there with the value that {@link #value} says. */
  BitSet stored(int from, int to) throws SQLException;

  /** Returns the table of all targets. */
  static Schema schema(ConflictStrategy strategy) {
    return Schema.table("faults")
        .columns("id", "val")
        .conflictKey("id")
        .onConflict(strategy)
        .build();
  }

  static String value(int id) {
    return "value " + id;
  }

  @Override
  void close() throws IOException;
}
