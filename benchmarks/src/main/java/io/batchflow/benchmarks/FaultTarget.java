package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.testservers.KillableServer;

/** A server to kill, and the table in it. */
interface FaultTarget extends StoredTable {

  KillableServer server();

  /**
   * Returns the URL to write by.
   *
   * @param port the server's, or that of a proxy before it
   */
  String url(int port);

  @Override
  default String url() {
    return url(server().server().port());
  }

  /**
   * Opens a writer.
   *
   * @param port the server's, or that of a proxy before it
   */
  default BatchWriter writer(int port) {
    return TargetWriters.open(url(port));
  }

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
}
