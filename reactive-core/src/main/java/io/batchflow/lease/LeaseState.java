package io.batchflow.lease;

import io.batchflow.spi.Printable;
import org.jspecify.annotations.Nullable;

/** Whether a lease is held. Immutable. */
public final class LeaseState {

  private final String lease;
  private final long token;
  private final @Nullable Throwable failure;

  private LeaseState(String lease, long token, @Nullable Throwable failure) {
    this.lease = lease;
    this.token = token;
    this.failure = failure;
  }

  static LeaseState held(String lease, long token) {
    return new LeaseState(lease, token, null);
  }

  static LeaseState lost(String lease) {
    return new LeaseState(lease, 0, null);
  }

  static LeaseState failed(String lease, Throwable failure) {
    return new LeaseState(lease, 0, failure);
  }

  /** Returns the name of the lease. */
  public String lease() {
    return lease;
  }

  /** Returns whether the lease is held. */
  public boolean isHeld() {
    return token > 0;
  }

  /** Returns the fencing token, which the protected work checks; 0 if the lease is not held. */
  public long token() {
    return token;
  }

  /** Returns why the store could not be asked for the lease; null if it could. */
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public String toString() {
    String state = isHeld() ? "token=" + token : failure == null ? "lost" : "failed";
    return Printable.line("LeaseState[lease=" + lease + ", " + state + "]");
  }
}
