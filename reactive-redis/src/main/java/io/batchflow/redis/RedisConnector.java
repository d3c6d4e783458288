package io.batchflow.redis;

import java.util.List;
import reactor.core.publisher.Mono;

/** Sends commands to Redis: to one server, or to a cluster. Safe for any thread. */
interface RedisConnector {

  /**
   * Sends commands. Each server gets its commands in their order. Never throws: every command is
   * completed by its answer or by a failure.
   *
   * @param atomic whether they run as one transaction
   */
  void send(List<RowCommand> commands, boolean atomic);

  /** Returns the slot of a key. Only keys of the same slot may be in one command. */
  int slot(byte[] key);

  /** Returns whether an error redirects its command to another node. */
  default boolean follows(String error) {
    return false;
  }

  /** Sends a redirected command once more. */
  default void follow(RowCommand command) {
    throw new IllegalStateException("A single server redirects no commands");
  }

  /** Drops connections that may be unusable. The next batch opens new ones. */
  void reset();

  /** Closes what this connector opened. */
  Mono<Void> close();
}
