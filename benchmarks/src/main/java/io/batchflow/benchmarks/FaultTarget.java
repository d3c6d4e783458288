package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.Schema;
import io.batchflow.testservers.KillableServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.BitSet;

/** A server to kill, the table in it, and what it holds in the end. */
interface FaultTarget extends AutoCloseable {

  String name();

  KillableServer server();

  /** Returns a table of {@code id} and {@code value}, updated by id. */
  Schema schema();

  BatchWriter writer();

  /** Returns the ids that are there with the value that {@link #value} says. */
  BitSet stored() throws SQLException;

  static String value(int id) {
    return "value " + id;
  }

  @Override
  void close() throws IOException;
}
