package io.batchflow.examples.flink;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import reactor.core.publisher.Flux;

/**
 * Sends the entries of a request of Flink through a flow, and answers by their outcomes.
 *
 * @param mapper turns an entry into a new row
 * @param rejected keeps an entry that the database rejected for good, as Flink itself knows no such
 *     entries. If it throws, the job fails
 */
record FlowRequest<T>(BatchFlow flow, Function<T, Row> mapper, Consumer<Outcome<Row>> rejected) {

  void send(List<T> entries, ResultHandler<T> result) {
    flow.submitAll(Flux.fromIterable(entries).map(entry -> mapper.apply(entry).tag(entry)))
        .filter(outcome -> outcome.error() != null)
        .collectList()
        .doOnNext(failed -> answer(failed, result))
        .subscribe(
            failed -> {},
            failure -> result.completeExceptionally(new IllegalStateException(failure)));
  }

  private void answer(List<Outcome<Row>> failed, ResultHandler<T> result) {
    List<T> again = new ArrayList<>();
    for (Outcome<Row> outcome : failed) {
      BatchFlowException error = Objects.requireNonNull(outcome.error());
      // With a key, to repeat a row of unknown outcome is harmless.
      if (error.isRetryable() || error.status() == OutcomeStatus.UNKNOWN) {
        again.add(entry(outcome));
      } else if (error.status() == OutcomeStatus.NOT_SENT) {
        result.completeExceptionally(error);
        return;
      } else {
        rejected.accept(outcome);
      }
    }
    if (again.isEmpty()) {
      result.complete();
    } else {
      result.retryForEntries(again);
    }
  }

  @SuppressWarnings("unchecked") // send() has set it
  private T entry(Outcome<Row> outcome) {
    return (T) Objects.requireNonNull(outcome.row().tag());
  }
}
