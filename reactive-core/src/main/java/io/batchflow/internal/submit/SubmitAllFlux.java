package io.batchflow.internal.submit;

import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}: each subscription is one {@link
 * RowStream}.
 */
public final class SubmitAllFlux extends Flux<Outcome> {

  private final Submitter submitter;
  private final Streams streams;
  private final Flux<? extends Row> rows;

  private SubmitAllFlux(Submitter submitter, Streams streams, Flux<? extends Row> rows) {
    this.submitter = submitter;
    this.streams = streams;
    this.rows = rows;
  }

  public static Flux<Outcome> of(
      Submitter submitter, Streams streams, Publisher<? extends Row> rows) {
    return onAssembly(new SubmitAllFlux(submitter, streams, Flux.from(rows)));
  }

  @Override
  public void subscribe(CoreSubscriber<? super Outcome> actual) {
    if (submitter.admission.isClosed()) {
      Operators.error(actual, FlowClosedException.stream());
    } else {
      rows.subscribe(new RowStream(submitter, streams, actual));
    }
  }
}
