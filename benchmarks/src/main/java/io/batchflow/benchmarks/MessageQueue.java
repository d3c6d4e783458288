package io.batchflow.benchmarks;

import io.batchflow.message.Message;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A table from which messages are published after their transaction. */
interface MessageQueue extends AutoCloseable {

  String name();

  /** Returns the name of its table. */
  String table();

  /** Appends messages in the transaction of a connection. */
  Mono<Void> append(Connection connection, List<Message> messages);

  /** Is told that such a transaction was committed. */
  void committed();

  /**
   * Begins to publish.
   *
   * @param published takes the messages of each batch, before they are deleted
   */
  void start(Consumer<List<Message>> published);

  /** Ends it, after the current batch. */
  void stop();

  @Override
  void close();
}
