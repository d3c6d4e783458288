package io.batchflow.r2dbc.outbox;

import io.batchflow.lease.Lease;
import io.batchflow.lease.LeaseState;
import io.batchflow.r2dbc.lease.R2dbcLeaseStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Finds out how many shards are the part of this relay. Each relay takes one of as many seats as
 * there are shards: a lease, so that the seat of a relay that died gets free. The part follows from
 * the seats that are taken, so the parts of all relays are all shards. Thread-safe.
 */
final class FairShare {

  private static final String SEAT = "batchflow_outbox relay ";
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final R2dbcLeaseStore store;
  private final UnaryOperator<Lease.Builder> options;
  private final IntConsumer share;
  private final Consumer<Throwable> failures;
  private final Sinks.Empty<Void> seated = Sinks.empty();
  private final Disposable.Composite running = Disposables.composite();
  private final AtomicReference<@Nullable LeaseState> seat = new AtomicReference<>();

  /**
   * @param share takes how many shards are the part of this relay, from time to time, once it has a
   *     seat
   * @param failures takes each failure to ask the store
   */
  FairShare(
      R2dbcLeaseStore store,
      UnaryOperator<Lease.Builder> options,
      IntConsumer share,
      Consumer<Throwable> failures) {
    this.store = store;
    this.options = options;
    this.share = share;
    this.failures = failures;
  }

  void start() {
    LimitedLeases one = new LimitedLeases(store, 1);
    for (int i = 0; i < Shards.COUNT; i++) {
      running.add(
          options.apply(Lease.builder(one, SEAT + i)).build().states().subscribe(this::changed));
    }
    running.add(
        seated
            .asMono()
            .then(Mono.defer(this::look))
            .repeatWhen(looks -> looks.delayElements(PERIOD))
            .subscribe());
  }

  private void changed(LeaseState state) {
    Throwable failure = state.failure();
    if (failure != null) {
      failures.accept(failure);
    } else if (state.isHeld()) {
      seat.set(state);
      seated.tryEmitEmpty();
    } else {
      seat.set(null);
    }
  }

  /** A relay that lost its seat keeps its part until it has another one: leases bound it too. */
  private Mono<Void> look() {
    return store
        .held(SEAT)
        .timeout(TIMEOUT)
        .doOnNext(
            taken -> {
              LeaseState own = seat.get();
              int place = own == null ? -1 : taken.indexOf(own.lease());
              if (place >= 0) {
                share.accept(part(place, taken));
              }
            })
        .doOnError(failures)
        .onErrorComplete()
        .then();
  }

  /** The first of the taken seats have one shard more if they cannot all have the same number. */
  private static int part(int place, List<String> taken) {
    return Shards.COUNT / taken.size() + (place < Shards.COUNT % taken.size() ? 1 : 0);
  }

  /** Gives the seat back. */
  Mono<Void> leave() {
    return Mono.defer(
        () -> {
          LeaseState held = seat.get();
          running.dispose();
          return held == null
              ? Mono.empty()
              : store.release(held.lease(), held.token()).timeout(TIMEOUT).onErrorComplete();
        });
  }
}
