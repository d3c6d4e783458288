package io.batchflow;

import java.time.Duration;

/**
 * The flow had no room for a request within the time and the number of waiters allowed. The request
 * was not admitted: nothing of it was sent, and it may be submitted again.
 */
public final class QueueFullException extends BatchFlowException {

  private final int maxPending;

  private QueueFullException(String message, int maxPending) {
    super(message, null, false);
    this.maxPending = maxPending;
  }

  static QueueFullException atOnce(Schema schema, int maxPending) {
    return new QueueFullException(
        full(schema, maxPending)
            + " and its policy is to fail at once. Submit later, slow the callers down, or raise"
            + " maxPending or maxPendingBytes.",
        maxPending);
  }

  static QueueFullException tooManyWaiters(Schema schema, int maxPending, int maxWaiters) {
    return new QueueFullException(
        full(schema, maxPending)
            + " and "
            + maxWaiters
            + " callers wait for room already. Submit later, or raise maxPending or maxWaiters.",
        maxPending);
  }

  static QueueFullException waitedTooLong(Schema schema, int maxPending, Duration maxWait) {
    return new QueueFullException(
        full(schema, maxPending)
            + " and no room came free within maxWait ("
            + maxWait
            + "). The backend is slower than the callers: slow them down, or raise maxPending or"
            + " maxWait.",
        maxPending);
  }

  static QueueFullException tooManyStreams(int maxPending) {
    return new QueueFullException(
        "Too many streams wait for room in the flow. Merge them into fewer submitAll calls.",
        maxPending);
  }

  private static String full(Schema schema, int maxPending) {
    return "Request for table '"
        + schema.table()
        + "' was turned away: the flow is full (maxPending "
        + maxPending
        + ", or maxPendingBytes)";
  }

  /** Returns the flow's bound on pending rows. */
  public int maxPending() {
    return maxPending;
  }
}
