package io.batchflow.message;

import io.batchflow.BatchFlow;
import io.batchflow.Row;
import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Publishes batches of messages: to a broker, a service, or a function in this process.
 * Implementations must not block.
 */
@FunctionalInterface
public interface MessagePublisher {

  /**
   * Publishes messages, so that those of one key become visible in their order.
   *
   * @param batch at least one message; the order counts for messages of the same key
   * @return the result at the position of each message. An error means that nothing is known of any
   *     message, and that all are published again later, for example because a broker is down.
   *     Cancelled if the right to publish is lost
   */
  Mono<List<PublishResult>> publish(List<Message> batch);

  /**
   * Returns a publisher that calls a function for each message: for messages of one key one after
   * the other, until one fails. The others of this key are then skipped.
   *
   * @param publish completes when the message is published, and fails if it is not. Must not block
   * @param keysAtOnce how many keys are published at the same time
   * @throws IllegalArgumentException if keysAtOnce is not positive
   */
  static MessagePublisher each(
      Function<? super Message, ? extends Publisher<?>> publish, int keysAtOnce) {
    return new EachMessage(publish, keysAtOnce);
  }

  /**
   * Returns a publisher that submits a row for each message to a flow, such as one that adds to
   * streams of Redis. Rows that the backend rejects or that are invalid are rejected messages.
   * Order by key is that of the flow: use a {@code concurrency} of 1 or {@link
   * io.batchflow.Ordering#PER_KEY}.
   *
   * @param flow is not closed
   * @param row returns the row of a message. If it throws, the message is rejected
   */
  static MessagePublisher through(BatchFlow flow, Function<? super Message, Row> row) {
    return new RowPublisher(flow, row);
  }
}
