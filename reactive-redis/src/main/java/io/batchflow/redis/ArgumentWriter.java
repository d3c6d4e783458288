package io.batchflow.redis;

import io.batchflow.Row;
import io.lettuce.core.protocol.CommandArgs;

/** A part of a command: adds what it makes of a row, or rejects the row. */
@FunctionalInterface
interface ArgumentWriter {

  /**
   * Adds to a command.
   *
   * @throws RedisWriteException if the row has no value for it, or a wrong one
   */
  void addTo(CommandArgs<byte[], byte[]> command, Row row);
}
