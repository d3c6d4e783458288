package io.batchflow.mediator;

import org.reactivestreams.Publisher;

/**
 * Handles events of one type and of its subtypes. Must not block.
 *
 * @param <E> the type of the events
 */
@FunctionalInterface
public interface EventHandler<E> {

  /** Handles an event; its values are ignored. Nothing happens before the subscription. */
  Publisher<?> handle(E event);
}
