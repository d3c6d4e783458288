package io.batchflow.routing;

/** The session of a writer was lost while it looked a table up. Nothing was sent. */
final class NotLookedUpException extends RuntimeException {

  NotLookedUpException(Throwable cause) {
    super("The session was lost before anything was sent", cause, false, false);
  }
}
