package io.batchflow.redis;

import java.util.concurrent.atomic.AtomicInteger;

/** Where the commands of one batch went. Safe for any thread. */
final class Route {

  private static final int WAITING = 0;
  private static final int SENT = 1;
  private static final int WITHDRAWN = 2;

  private final AtomicInteger state = new AtomicInteger(WAITING);

  /** Called before commands are put on a connection. Returns false if the batch was withdrawn. */
  boolean send() {
    return state.compareAndSet(WAITING, SENT) || state.get() == SENT;
  }

  /** Returns whether nothing was sent, and nothing will be. */
  boolean withdraw() {
    return state.compareAndSet(WAITING, WITHDRAWN) || state.get() == WITHDRAWN;
  }
}
