package io.batchflow.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Calls a function for each message. */
final class EachMessage implements MessagePublisher {

  private final Function<? super Message, ? extends Publisher<?>> publish;
  private final int keysAtOnce;

  EachMessage(Function<? super Message, ? extends Publisher<?>> publish, int keysAtOnce) {
    if (keysAtOnce < 1) {
      throw new IllegalArgumentException("keysAtOnce is " + keysAtOnce + ", less than 1");
    }
    this.publish = publish;
    this.keysAtOnce = keysAtOnce;
  }

  @Override
  public Mono<List<PublishResult>> publish(List<Message> batch) {
    return Mono.defer(
        () -> {
          PublishResult[] results = new PublishResult[batch.size()];
          Arrays.fill(results, PublishResult.skipped());
          return Flux.fromIterable(placesByKey(batch))
              .flatMap(places -> oneByOne(batch, places, results), keysAtOnce)
              .then(Mono.fromSupplier(() -> List.of(results)));
        });
  }

  private static Collection<List<Integer>> placesByKey(List<Message> batch) {
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      places.computeIfAbsent(batch.get(i).key(), key -> new ArrayList<>()).add(i);
    }
    return places.values();
  }

  /** Each key writes to its own places of the results. */
  private Mono<Void> oneByOne(List<Message> batch, List<Integer> places, PublishResult[] results) {
    return Flux.fromIterable(places)
        .concatMap(
            place ->
                Mono.defer(() -> Flux.from(publish.apply(batch.get(place))).then())
                    .doOnSuccess(done -> results[place] = PublishResult.published())
                    .doOnError(failure -> results[place] = PublishResult.failed(failure)))
        .then()
        .onErrorComplete();
  }

  @Override
  public String toString() {
    return "MessagePublisher.each";
  }
}
