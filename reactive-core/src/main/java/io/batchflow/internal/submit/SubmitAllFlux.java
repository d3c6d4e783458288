package io.batchflow.internal.submit;

import io.batchflow.FlowClosedException;
import io.batchflow.Outcome;
import io.batchflow.Request;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}: each subscription is one {@link
 * RequestStream}.
 */
public final class SubmitAllFlux extends Flux<Outcome> {

  private final Submitter submitter;
  private final Streams streams;
  private final Flux<? extends Request> requests;

  private SubmitAllFlux(Submitter submitter, Streams streams, Flux<? extends Request> requests) {
    this.submitter = submitter;
    this.streams = streams;
    this.requests = requests;
  }

  public static Flux<Outcome> of(
      Submitter submitter, Streams streams, Publisher<? extends Request> requests) {
    return onAssembly(new SubmitAllFlux(submitter, streams, Flux.from(requests)));
  }

  @Override
  public void subscribe(CoreSubscriber<? super Outcome> actual) {
    if (submitter.admission.isClosed()) {
      Operators.error(actual, FlowClosedException.stream());
    } else {
      requests.subscribe(new RequestStream(submitter, streams, actual));
    }
  }
}
