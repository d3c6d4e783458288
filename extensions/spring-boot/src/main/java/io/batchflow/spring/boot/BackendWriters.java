package io.batchflow.spring.boot;

import io.batchflow.BatchWriter;
import org.jspecify.annotations.Nullable;

/** Makes the writers of one kind of database. */
interface BackendWriters {

  Backend backend();

  /**
   * Returns a new writer.
   *
   * @param bean the name of the bean that knows the database; null if there is only one
   */
  BatchWriter create(String flow, @Nullable String bean);
}
