package io.batchflow.r2dbc.outbox;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseState;
import io.batchflow.lease.LeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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

    private Held without(int shard, Sinks.Empty<Void> loss) {
      Map<Integer, Long> fewer = new TreeMap<>(tokens);
      fewer.remove(shard);
      return new Held(fewer, loss);
    }
  }

  private static final Duration RELEASE = Duration.ofSeconds(5);

  private final LimitedLeases store;
  private final UnaryOperator<Lease.Builder> options;
  private final WakeUp wakeUp;
  private final Consumer<Throwable> failures;
  private final AtomicReference<Held> held = new AtomicReference<>(new Held());
  private final AtomicBoolean competing = new AtomicBoolean();
  private final List<Disposable.Swap> competitors =
      Stream.generate(Disposables::swap).limit(Shards.COUNT).toList();

  /**
   * @param failures takes each failure to ask the store
   */
  HeldShards(
      LeaseStore store,
      UnaryOperator<Lease.Builder> options,
      WakeUp wakeUp,
      Consumer<Throwable> failures) {
    this.store = new LimitedLeases(store, 0);
    this.options = options;
    this.wakeUp = wakeUp;
    this.failures = failures;
  }

  /** Sets how many shards may be held. Begins to compete with the first call. */
  void share(int most) {
    if (store.limit() == most) {
      return;
    }
    store.limit(most);
    if (competing.compareAndSet(false, true)) {
      for (int shard = 0; shard < Shards.COUNT; shard++) {
        compete(shard);
      }
    }
    wakeUp.signal();
  }

  private void compete(int shard) {
    competitors
        .get(shard)
        .update(
            options
                .apply(Lease.builder(store, Shards.lease(shard)))
                .build()
                .states()
                .subscribe(state -> changed(shard, state)));
  }

  private void changed(int shard, LeaseState state) {
    Throwable failure = state.failure();
    if (failure != null) {
      failures.accept(failure);
    } else if (state.isHeld()) {
      held.updateAndGet(before -> before.with(shard, state.token()));
      wakeUp.signal();
    } else {
      lost(shard);
    }
  }

  /** A shard that was given back is not lost: nothing of it is in progress. */
  private void lost(int shard) {
    Held before =
        held.getAndUpdate(
            now -> now.tokens().containsKey(shard) ? now.without(shard, Sinks.empty()) : now);
    if (before.tokens().containsKey(shard)) {
      before.loss().tryEmitEmpty();
    }
  }

  /** Returns what is held now. */
  Held now() {
    return Objects.requireNonNull(held.get());
  }

  /** Gives back what is beyond the share. No message may be in progress. */
  void giveBack() {
    now().tokens().keySet().stream()
        .skip(store.limit())
        .forEach(
            shard -> {
              held.updateAndGet(before -> before.without(shard, before.loss()));
              compete(shard);
            });
  }

  /** Gives all leases back. */
  Mono<Void> release() {
    return Mono.defer(
        () -> {
          competitors.forEach(Disposable::dispose);
          return Flux.fromIterable(held.getAndSet(new Held()).tokens().entrySet())
              .flatMap(one -> store.release(Shards.lease(one.getKey()), one.getValue()))
              .then()
              .timeout(RELEASE)
              .onErrorComplete();
        });
  }
}
