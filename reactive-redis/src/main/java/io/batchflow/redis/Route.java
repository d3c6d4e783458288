package io.batchflow.redis;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The connections that the commands of one batch were sent on, and how to end these connections in
 * their servers. Safe for any thread.
 */
final class Route {

  private static final int WAITING = 0;
  private static final int SENT = 1;
  private static final int WITHDRAWN = 2;

  private final AtomicInteger state = new AtomicInteger(WAITING);
  private final Queue<Supplier<Mono<Boolean>>> ends = new ConcurrentLinkedQueue<>();

  /**
   * Called before commands are sent on a connection. Returns false if the batch was withdrawn.
   *
   * @param end ends the connection in its server; completes with false if that is impossible
   */
  boolean send(Supplier<Mono<Boolean>> end) {
    ends.add(end);
    return state.compareAndSet(WAITING, SENT) || state.get() == SENT;
  }

  /** Returns whether nothing was sent, and nothing will be. */
  boolean withdraw() {
    return state.compareAndSet(WAITING, WITHDRAWN) || state.get() == WITHDRAWN;
  }

  /** Completes with true once no server can run a command of this batch. */
  Mono<Boolean> abandon() {
    return withdraw()
        ? Mono.just(true)
        : Flux.fromIterable(ends).flatMap(Mono::defer).all(over -> over);
  }
}
