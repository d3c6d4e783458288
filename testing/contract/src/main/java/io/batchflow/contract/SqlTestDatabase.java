package io.batchflow.contract;

import io.batchflow.BatchWriter;
import java.sql.Connection;

/** A database for one test. */
public interface SqlTestDatabase extends AutoCloseable {

  /** Returns the writer under test, always the same one. */
  BatchWriter writer();

  /** Returns a separate plain connection, always the same one. */
  Connection connection();

  /** Closes the writer and the connection, and drops the database. */
  @Override
  void close();
}
