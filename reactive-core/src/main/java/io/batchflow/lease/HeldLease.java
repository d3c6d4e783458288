package io.batchflow.lease;

import reactor.core.publisher.Mono;

/** A lease from its acquisition to its loss. Used by one subscription. */
final class HeldLease {

  private final LeaseStore store;
  private final String name;
  private final long token;
  private final LeaseTimes times;

  private volatile long heldUntil;
  private volatile boolean lost;

  /** Whether the last renewal failed, so that the next one must not wait as long. */
  private volatile boolean hurried;

  /**
   * @param sentAt when the lease was asked for
   */
  HeldLease(LeaseStore store, String name, long token, LeaseTimes times, long sentAt) {
    this.store = store;
    this.name = name;
    this.token = token;
    this.times = times;
    this.heldUntil = times.heldUntil(sentAt);
  }

  long token() {
    return token;
  }

  /** Returns whether the lease may have expired in the store. */
  boolean isOver() {
    return lost || times.now() - heldUntil >= 0;
  }

  /** Renews the lease, and completes when it is lost. */
  Mono<Void> untilLost() {
    return Mono.defer(this::step).repeat(() -> !isOver()).then();
  }

  /** Renews once, and ends at the latest when the lease may have expired. */
  private Mono<Void> step() {
    return Mono.firstWithSignal(
        (hurried ? times.<Long>pause().next() : times.untilRenewal())
            .then(Mono.defer(this::renewed)),
        times.until(heldUntil).then());
  }

  private Mono<Void> renewed() {
    // A process that was stopped may get here too late.
    if (isOver()) {
      return Mono.empty();
    }
    long sentAt = times.now();
    return times
        .limited(Mono.defer(() -> store.renew(name, token, times.ttl())))
        .doOnNext(
            renewed -> {
              lost = !renewed;
              hurried = false;
              heldUntil = times.heldUntil(sentAt);
            })
        .doOnError(failure -> hurried = true)
        .onErrorComplete()
        .then();
  }
}
