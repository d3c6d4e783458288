package io.batchflow.mediator;

import reactor.core.publisher.Mono;

/**
 * Does something around each call of a handler: checks, retries, traces. The behaviors of a {@link
 * Mediator} are nested in the order in which they were added, the first one outermost.
 *
 * <p>Thread-safe, and must not block. {@link io.batchflow.mediator.behavior.Behaviors} has the
 * common ones.
 */
public interface Behavior {

  /**
   * Returns the call with something around it.
   *
   * @param delivery the message and its handler
   * @param call calls the next behavior, or the handler; each subscription is a call
   * @param <R> the type of the reply
   */
  <R> Mono<R> around(Delivery delivery, Mono<R> call);
}
