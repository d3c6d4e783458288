package io.batchflow.sql;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether anything of a write was sent. A write is either sent or withdrawn, never both. For
 * authors of writers over {@link SqlDialect}. Safe for any thread.
 */
public final class SendState {

  private static final int WAITING = 0;
  private static final int SENT = 1;
  private static final int WITHDRAWN = 2;

  private final AtomicInteger state = new AtomicInteger(WAITING);

  /** Creates the state of a write that is neither sent nor withdrawn. */
  public SendState() {}

  /** Marks the write as sent. Returns false if it was withdrawn, and must not be sent. */
  public boolean send() {
    return state.compareAndSet(WAITING, SENT) || state.get() == SENT;
  }

  /** Returns whether anything may have been sent. */
  public boolean isSent() {
    return state.get() == SENT;
  }

  /** Withdraws the write. Returns whether nothing was sent and nothing will be. */
  public boolean withdraw() {
    return state.compareAndSet(WAITING, WITHDRAWN) || state.get() == WITHDRAWN;
  }

  /** Returns whether the write was withdrawn. */
  public boolean isWithdrawn() {
    return state.get() == WITHDRAWN;
  }
}
