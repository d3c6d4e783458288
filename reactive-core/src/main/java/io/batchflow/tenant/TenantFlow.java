package io.batchflow.tenant;

import io.batchflow.BatchFlow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The flow of one tenant, from its first use until it is closed. Thread-safe. */
final class TenantFlow {

  private static final int RETIRED = Integer.MIN_VALUE;

  final String tenant;

  /** The submissions that have not ended; negative when no more may begin. */
  private final AtomicInteger uses = new AtomicInteger();

  private final AtomicBoolean closing = new AtomicBoolean();
  private final Sinks.Empty<Void> gone = Sinks.empty();
  private final Mono<BatchFlow> flow;
  private volatile @Nullable BatchFlow made;
  private volatile long usedAt;

  TenantFlow(String tenant, Function<String, @Nullable BatchFlow> factory, long now) {
    this.tenant = tenant;
    this.usedAt = now;
    Mono<BatchFlow> make =
        Mono.<BatchFlow>fromSupplier(() -> factory.apply(tenant)).doOnNext(open -> made = open);
    this.flow = Mono.defer(() -> whereItMayBlock(make)).cache();
  }

  /** A driver reads files when it is used for the first time. */
  private static <T> Mono<T> whereItMayBlock(Mono<T> make) {
    return Schedulers.isInNonBlockingThread()
        ? make.subscribeOn(Schedulers.boundedElastic())
        : make;
  }

  /** Returns the flow, which the first subscription makes; empty if there is no such tenant. */
  Mono<BatchFlow> flow() {
    return flow;
  }

  /** Begins a use. Returns false if no more may begin. */
  boolean enter() {
    return uses.getAndUpdate(count -> count < 0 ? count : count + 1) >= 0;
  }

  /** Ends a use. */
  void leave(long now) {
    usedAt = now;
    uses.decrementAndGet();
  }

  boolean isIdle() {
    return uses.get() == 0;
  }

  long usedAt() {
    return usedAt;
  }

  /** Lets no more uses begin, unless one is going on. Returns whether it did. */
  boolean retire() {
    return uses.compareAndSet(0, RETIRED);
  }

  /** Lets no more uses begin. */
  void retireNow() {
    uses.getAndUpdate(count -> count < 0 ? count : RETIRED + count);
  }

  /**
   * Closes the flow, if it is not being closed already.
   *
   * @param then is called when it is closed
   * @return completes after that
   */
  Mono<Void> close(Runnable then) {
    return Mono.defer(
        () -> {
          if (closing.compareAndSet(false, true)) {
            BatchFlow open = made;
            Mono<Void> close = open == null ? Mono.empty() : open.close();
            close
                .onErrorComplete()
                .doFinally(
                    end -> {
                      then.run();
                      gone.tryEmitEmpty();
                    })
                .subscribe();
          }
          return gone();
        });
  }

  /** Completes when the flow is closed. */
  Mono<Void> gone() {
    return gone.asMono();
  }
}
