package io.batchflow.mediator.behavior;

import io.batchflow.mediator.Behavior;
import io.batchflow.mediator.Delivery;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.Locale;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Makes an Observation of each call, named {@code batchflow.mediator}, with the handler and the
 * kind as its keys. Its parent is the Observation in the caller's Reactor Context, and it is in the
 * Context of the handler. A list of requests has one Observation for each request. Does nothing
 * while the registry has no handler. Thread-safe.
 */
public final class ObservationBehavior implements Behavior {

  private static final String NAME = "batchflow.mediator";

  private final ObservationRegistry registry;

  private ObservationBehavior(ObservationRegistry registry) {
    this.registry = registry;
  }

  /** Returns the behavior for a registry. */
  public static Behavior create(ObservationRegistry registry) {
    return new ObservationBehavior(Objects.requireNonNull(registry, "registry"));
  }

  @Override
  public <R> Mono<R> around(Delivery delivery, Mono<R> call) {
    return registry.isNoop()
        ? call
        : Mono.deferContextual(context -> observed(started(delivery, context), call));
  }

  private Observation started(Delivery delivery, ContextView context) {
    Observation parent = context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
    return Observation.createNotStarted(NAME, registry)
        .contextualName(delivery.handler())
        .lowCardinalityKeyValue("handler", delivery.handler())
        .lowCardinalityKeyValue("kind", delivery.kind().name().toLowerCase(Locale.ROOT))
        .parentObservation(parent == null ? registry.getCurrentObservation() : parent)
        .start();
  }

  private static <R> Mono<R> observed(Observation observation, Mono<R> call) {
    return call.doOnError(observation::error)
        .doFinally(end -> observation.stop())
        .contextWrite(with -> with.put(ObservationThreadLocalAccessor.KEY, observation));
  }
}
