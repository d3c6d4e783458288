package io.batchflow.redis;

import io.batchflow.Row;

/** Returns the bytes of a row's key or value. */
@FunctionalInterface
interface RowBytes {

  /**
   * Returns a row's bytes.
   *
   * @throws RedisWriteException if the row has no value for it, or a wrong one
   */
  byte[] of(Row row);
}
