package io.batchflow.mediator;

/** A request was sent whose type has no handler. */
public final class NoHandlerException extends RuntimeException {

  NoHandlerException(Class<?> type) {
    super(
        "No handler for "
            + type.getName()
            + ". Add one to the mediator with handler() or batchHandler().");
  }
}
