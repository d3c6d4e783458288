package io.batchflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The flow had no room for a row within the time and the number of waiters allowed. The row was not
 * admitted: nothing of it was sent, and it may be submitted again.
 */
public final class QueueFullException extends BatchFlowException {

  private final int maxPending;

  private QueueFullException(@Nullable String table, String message, int maxPending) {
    super(table, message, null, false);
    this.maxPending = maxPending;
  }

  /** Returns what a row is told whose table does not let it wait. */
  public static QueueFullException atOnce(String table, int maxPending) {
    return new QueueFullException(
        table,
        full(table, maxPending)
            + " and its policy is to fail at once. Submit later, slow the callers down, or raise"
            + " maxPending or maxPendingBytes.",
        maxPending);
  }

  /** Returns what a row is told that found too many others waiting. */
  public static QueueFullException tooManyWaiters(String table, int maxPending, int maxWaiters) {
    return new QueueFullException(
        table,
        full(table, maxPending)
            + " and "
            + maxWaiters
            + " callers wait for room already. Submit later, or raise maxPending or maxWaiters.",
        maxPending);
  }

  /** Returns what a row is told that waited in vain. */
  public static QueueFullException waitedTooLong(String table, int maxPending, Duration maxWait) {
    return new QueueFullException(
        table,
        full(table, maxPending)
            + " and no room came free within maxWait ("
            + maxWait
            + "). The backend is slower than the callers: slow them down, or raise maxPending or"
            + " maxWait.",
        maxPending);
  }

  /** Returns what a stream is told that found too many others waiting. */
  public static QueueFullException tooManyStreams(int maxPending) {
    return new QueueFullException(
        null,
        "Too many streams wait for room in the flow. Merge them into fewer submitAll calls.",
        maxPending);
  }

  private static String full(String table, int maxPending) {
    return "Row for table '"
        + table
        + "' was turned away: the flow is full (maxPending "
        + maxPending
        + ", or maxPendingBytes)";
  }

  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.NOT_SENT;
  }

  /** Returns the flow's bound on pending rows. */
  public int maxPending() {
    return maxPending;
  }
}
