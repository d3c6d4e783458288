package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.testservers.KillableServer;

/** A server to kill, with a table. */
interface FaultTarget extends StoredTable {

  KillableServer server();

  /**
   * Returns the URL for writing.
   *
   * @param port the port of the server or of a proxy in front of it
   */
  String url(int port);

  @Override
  default String url() {
    return url(server().server().port());
  }

  /**
   * Opens a writer.
   *
   * @param port the port of the server or of a proxy in front of it
   */
  default BatchWriter writer(int port) {
    return TargetWriters.open(url(port));
  }

  /** Returns the schema of the table, which is the same for all targets. */
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
}
