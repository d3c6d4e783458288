package io.batchflow.jdbc;

import java.util.concurrent.atomic.AtomicInteger;

/** A batch that is being written: whether any of it was sent. Safe for any thread. */
final class JdbcWrite {

  private static final int WAITING = 0;
  private static final int SENT = 1;
  private static final int WITHDRAWN = 2;

  private final AtomicInteger state = new AtomicInteger(WAITING);

  /** Called before the first row is sent. Returns false if the write was withdrawn. */
  boolean send() {
    return state.compareAndSet(WAITING, SENT);
  }

  boolean isSent() {
    return state.get() == SENT;
  }

  /** Returns whether nothing was sent, and nothing will be. */
  boolean withdraw() {
    return state.compareAndSet(WAITING, WITHDRAWN) || state.get() == WITHDRAWN;
  }
}
