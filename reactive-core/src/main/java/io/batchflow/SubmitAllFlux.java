package io.batchflow;

import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** {@link BatchFlow#submitAll}: each subscription is one {@link RequestStream}. */
final class SubmitAllFlux extends Flux<Outcome> {

  private final Engine engine;
  private final Flux<? extends Request> requests;

  private SubmitAllFlux(Engine engine, Flux<? extends Request> requests) {
    this.engine = engine;
    this.requests = requests;
  }

  static Flux<Outcome> of(Engine engine, Publisher<? extends Request> requests) {
    return onAssembly(new SubmitAllFlux(engine, Flux.from(requests)));
  }

  @Override
  public void subscribe(CoreSubscriber<? super Outcome> actual) {
    if (engine.admission.isClosed()) {
      Operators.error(actual, FlowClosedException.stream());
    } else {
      requests.subscribe(new RequestStream(engine, actual));
    }
  }
}
