package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import io.batchflow.RowExpiredException;
import io.batchflow.internal.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Until when the rows of a table may be sent. Only the drain changes it. */
public final class DeliveryTimeouts {

  /** The timeout of a row that never expires. */
  public static final long NONE = Long.MAX_VALUE;

  private final String table;

  /** The timeout of the policy, in nanoseconds. */
  private long usual;

  /** Whether a row with a timeout of its own has come. Then rows do not expire in their order. */
  private boolean mixed;

  DeliveryTimeouts(String table, BatchPolicy policy) {
    this.table = table;
    this.usual = timeoutOf(policy);
  }

  /**
   * Returns how long after its submission a row may be sent, in nanoseconds: its own timeout, or
   * else that of its policy. Thread-safe.
   */
  public static long timeoutOf(Submission row, BatchPolicy policy) {
    return timeoutOf(row, timeoutOf(policy));
  }

  private static long timeoutOf(Submission row, long usual) {
    return row.deliveryMillis() > 0 ? TimeUnit.MILLISECONDS.toNanos(row.deliveryMillis()) : usual;
  }

  private static long timeoutOf(BatchPolicy policy) {
    Duration timeout = policy.deliveryTimeout();
    return timeout == null ? NONE : timeout.toNanos();
  }

  /** Takes the timeout of another policy, also for the rows that wait. */
  void retune(BatchPolicy policy) {
    usual = timeoutOf(policy);
  }

  /** A row with a timeout of its own comes. */
  void mix() {
    mixed = true;
  }

  boolean areMixed() {
    return mixed;
  }

  /** Whether any row may expire. */
  public boolean exist() {
    return mixed || usual != NONE;
  }

  public boolean isExpired(Submission row, long now) {
    return now - row.submittedAt >= of(row);
  }

  /** Returns when a row expires. */
  public long expiresAt(Submission row) {
    long timeout = of(row);
    return timeout == NONE ? EventLoop.NO_DEADLINE : row.submittedAt + timeout;
  }

  private long of(Submission row) {
    return timeoutOf(row, usual);
  }

  public RowExpiredException expiry(Submission row) {
    return new RowExpiredException(table, Duration.ofNanos(of(row)));
  }
}
