package io.batchflow.redis;

import io.batchflow.Row;
import io.lettuce.core.protocol.CommandArgs;

/** Adds the arguments that a row has for one part of a command. */
@FunctionalInterface
interface ArgumentWriter {

  /**
   * Adds the arguments to a command.
   *
   * @throws RedisWriteException if the row has no value for them, or a wrong one
   */
  void addTo(CommandArgs<byte[], byte[]> command, Row row);
}
