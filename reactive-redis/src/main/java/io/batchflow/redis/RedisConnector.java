package io.batchflow.redis;

import java.util.List;
import reactor.core.publisher.Mono;

/** The way to Redis: one server, or a cluster of them. Safe for any thread. */
interface RedisConnector {

  /**
   * Sends commands, in their order as far as one server gets them. Never throws: every command is
   * told of its answer, or that it can have none.
   *
   * @param atomic whether they run as one transaction
   */
  void send(List<RowCommand> commands, boolean atomic);

  /** Returns a number that keys have in common if one command may hold them all. */
  int slot(byte[] key);

  /** Returns whether an error says where else to send its command. */
  default boolean follows(String error) {
    return false;
  }

  /** Sends a command once more, to wherever it belongs. */
  default void follow(RowCommand command) {
    throw new IllegalStateException("There is nowhere else to send a command");
  }

  /** Drops connections that may be of no use any more; the next batch opens new ones. */
  void reset();

  /** Closes what this link opened. */
  Mono<Void> close();
}
