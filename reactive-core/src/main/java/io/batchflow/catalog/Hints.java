package io.batchflow.catalog;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** Tells subscribers of this process that something changed. Thread-safe. */
final class Hints {

  private final List<FluxSink<Boolean>> subscribers = new CopyOnWriteArrayList<>();

  void changed() {
    subscribers.forEach(subscriber -> subscriber.next(true));
  }

  Flux<Boolean> asFlux() {
    return Flux.create(
        subscriber -> {
          subscribers.add(subscriber);
          subscriber.onDispose(() -> subscribers.remove(subscriber));
        },
        FluxSink.OverflowStrategy.LATEST);
  }
}
