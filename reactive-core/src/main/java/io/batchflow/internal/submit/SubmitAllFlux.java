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

  private final Intake intake;
  private final Streams streams;
  private final Flux<? extends Request> requests;

  private SubmitAllFlux(Intake intake, Streams streams, Flux<? extends Request> requests) {
    this.intake = intake;
    this.streams = streams;
    this.requests = requests;
  }

  public static Flux<Outcome> of(
      Intake intake, Streams streams, Publisher<? extends Request> requests) {
    return onAssembly(new SubmitAllFlux(intake, streams, Flux.from(requests)));
  }

  @Override
  public void subscribe(CoreSubscriber<? super Outcome> actual) {
    if (intake.admission.isClosed()) {
      Operators.error(actual, FlowClosedException.stream());
    } else {
      requests.subscribe(new RequestStream(intake, streams, actual));
    }
  }
}
