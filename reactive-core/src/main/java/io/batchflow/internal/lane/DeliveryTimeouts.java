package io.batchflow.internal.lane;

import io.batchflow.BatchPolicy;
import io.batchflow.RowExpiredException;
import io.batchflow.internal.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Until when the rows of a table may be sent. Only the drain changes it. */
public final class DeliveryTimeouts {

  private final String table;

  /** The timeout of the policy. */
  private long usual;

  /** Whether a row with a timeout of its own has come. Then rows do not expire in their order. */
  private boolean mixed;

  DeliveryTimeouts(String table, BatchPolicy policy) {
    this.table = table;
    this.usual = timeoutOf(policy);
  }

  private static long timeoutOf(BatchPolicy policy) {
    Duration timeout = policy.deliveryTimeout();
    return timeout == null ? Long.MAX_VALUE : timeout.toNanos();
  }

  /** Takes the timeout of another policy, also for the rows that wait. */
  void retune(BatchPolicy policy) {
    usual = timeoutOf(policy);
  }

  /** Whether this is the first row with a timeout of its own. */
  boolean mixes(Submission row) {
    if (row.deliveryMillis() == 0 || mixed) {
      return false;
    }
    mixed = true;
    return true;
  }

  boolean areMixed() {
    return mixed;
  }

  /** Whether any row may expire. */
  public boolean exist() {
    return mixed || usual != Long.MAX_VALUE;
  }

  public boolean isExpired(Submission row, long now) {
    return now - row.submittedAt >= of(row);
  }

  /** Returns when a row expires. */
  public long expiresAt(Submission row) {
    long timeout = of(row);
    return timeout == Long.MAX_VALUE ? EventLoop.NO_DEADLINE : row.submittedAt + timeout;
  }

  private long of(Submission row) {
    return row.deliveryMillis() > 0 ? TimeUnit.MILLISECONDS.toNanos(row.deliveryMillis()) : usual;
  }

  public RowExpiredException expiry(Submission row) {
    return new RowExpiredException(table, Duration.ofNanos(of(row)));
  }
}
