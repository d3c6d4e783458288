package io.batchflow.contract;

import io.batchflow.BatchWriter;
import java.sql.Connection;

/** A database for one test. */
public interface SqlTestDatabase extends AutoCloseable {

  /** Returns the writer under test, the same each time. */
  BatchWriter writer();

  /** Returns a plain connection beside the writer, the same each time. */
  Connection connection();

  /** Closes the writer and the connection, and drops what was made. */
  @Override
  void close();
}
