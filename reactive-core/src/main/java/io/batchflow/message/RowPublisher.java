package io.batchflow.message;

import io.batchflow.BatchFlow;
import io.batchflow.InvalidRowException;
import io.batchflow.Row;
import io.batchflow.RowRejectedException;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Submits a row for each message to a flow. */
final class RowPublisher implements MessagePublisher {

  private final BatchFlow flow;
  private final Function<? super Message, Row> rows;

  RowPublisher(BatchFlow flow, Function<? super Message, Row> rows) {
    this.flow = flow;
    this.rows = rows;
  }

  /** Submits all at once and in order. */
  @Override
  public Mono<List<PublishResult>> publish(List<Message> batch) {
    return Flux.fromIterable(batch)
        .flatMapSequential(this::publish, Math.max(1, batch.size()))
        .collectList();
  }

  private Mono<PublishResult> publish(Message message) {
    Row row;
    try {
      row = rows.apply(message);
    } catch (RuntimeException failure) {
      return Mono.just(PublishResult.rejected(failure));
    }
    return flow.submit(row)
        .map(written -> PublishResult.published())
        .onErrorResume(failure -> Mono.just(resultOf(failure)));
  }

  private static PublishResult resultOf(Throwable failure) {
    boolean forGood =
        failure instanceof RowRejectedException || failure instanceof InvalidRowException;
    return forGood ? PublishResult.rejected(failure) : PublishResult.failed(failure);
  }

  @Override
  public String toString() {
    return "MessagePublisher.through";
  }
}
