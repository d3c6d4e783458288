package io.batchflow.redis;

import io.batchflow.Row;

/** A key or a value, as bytes, of a row. */
@FunctionalInterface
interface RowBytes {

  /**
   * Returns a row's bytes.
   *
   * @throws RedisWriteException if the row has no value for it, or a wrong one
   */
  byte[] of(Row row);
}
