package io.batchflow.mediator;

import java.util.Objects;

/**
 * A message on its way to one handler. Immutable.
 *
 * @param message the request or the event
 * @param handler the name of the handler: the simple name of the request's type, or the name that
 *     the handler of events was added by
 * @param kind how the handler is called
 */
public record Delivery(Object message, String handler, Kind kind) {

  /** How a handler is called. */
  public enum Kind {
    /** With one request. */
    REQUEST,
    /** With a list of requests, of which this is one. */
    BATCHED_REQUEST,
    /** With an event, as other handlers are. */
    EVENT
  }

  /** Checks that nothing is null. */
  public Delivery {
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(handler, "handler");
    Objects.requireNonNull(kind, "kind");
  }

  /** Names the handler, never the message. */
  @Override
  public String toString() {
    return "Delivery[handler=" + handler + ", kind=" + kind + "]";
  }
}
