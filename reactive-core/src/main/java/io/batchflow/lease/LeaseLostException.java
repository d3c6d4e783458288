package io.batchflow.lease;

import io.batchflow.spi.Printable;

/** The protected work was refused, since another holder may have its lease by now. */
public final class LeaseLostException extends RuntimeException {

  private final String lease;
  private final long token;

  /**
   * Creates the exception.
   *
   * @param lease the name of the lease
   * @param token the token that is no longer valid
   */
  public LeaseLostException(String lease, long token) {
    super(
        Printable.line(
            "Lease '"
                + lease
                + "' is no longer held with token "
                + token
                + ". Roll the work back; whoever holds the lease now does it."),
        null,
        false,
        false);
    this.lease = lease;
    this.token = token;
  }

  /** Returns the name of the lease. */
  public String lease() {
    return lease;
  }

  /** Returns the token that is no longer valid. */
  public long token() {
    return token;
  }
}
