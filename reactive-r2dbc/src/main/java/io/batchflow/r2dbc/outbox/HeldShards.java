package io.batchflow.r2dbc.outbox;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseState;
import io.batchflow.lease.LeaseStore;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Competes for the lease of each shard. Thread-safe. */
final class HeldShards {

  /**
   * What is held at one moment. Immutable.
   *
   * @param tokens the token of each shard
   * @param loss completes when one of them is lost
   */
  record Held(Map<Integer, Long> tokens, Sinks.Empty<Void> loss) {

    Held() {
      this(Map.of(), Sinks.empty());
    }

    private Held with(int shard, long token) {
      Map<Integer, Long> more = new TreeMap<>(tokens);
      more.put(shard, token);
      return new Held(more, loss);
    }

    private Held without(int shard) {
      Map<Integer, Long> fewer = new TreeMap<>(tokens);
      fewer.remove(shard);
      return new Held(fewer, Sinks.empty());
    }
  }

  private static final Duration RELEASE = Duration.ofSeconds(5);

  private final LeaseStore store;
  private final UnaryOperator<Lease.Builder> options;
  private final WakeUp wakeUp;
  private final Consumer<Throwable> failures;
  private final AtomicReference<Held> held = new AtomicReference<>(new Held());
  private final Disposable.Composite competitors = Disposables.composite();

  /**
   * @param failures takes each failure to ask the store
   */
  HeldShards(
      LeaseStore store,
      UnaryOperator<Lease.Builder> options,
      WakeUp wakeUp,
      Consumer<Throwable> failures) {
    this.store = store;
    this.options = options;
    this.wakeUp = wakeUp;
    this.failures = failures;
  }

  void start() {
    for (int i = 0; i < Shards.COUNT; i++) {
      int shard = i;
      competitors.add(
          options
              .apply(Lease.builder(store, Shards.lease(shard)))
              .build()
              .states()
              .subscribe(state -> changed(shard, state)));
    }
  }

  private void changed(int shard, LeaseState state) {
    Throwable failure = state.failure();
    if (failure != null) {
      failures.accept(failure);
    } else if (state.isHeld()) {
      held.updateAndGet(before -> before.with(shard, state.token()));
      wakeUp.signal();
    } else {
      held.getAndUpdate(before -> before.without(shard)).loss().tryEmitEmpty();
    }
  }

  /** Returns what is held now. */
  Held now() {
    return Objects.requireNonNull(held.get());
  }

  /** Gives all leases back. */
  Mono<Void> release() {
    return Mono.defer(
        () -> {
          competitors.dispose();
          return Flux.fromIterable(held.getAndSet(new Held()).tokens().entrySet())
              .flatMap(one -> store.release(Shards.lease(one.getKey()), one.getValue()))
              .then()
              .timeout(RELEASE)
              .onErrorComplete();
        });
  }
}
