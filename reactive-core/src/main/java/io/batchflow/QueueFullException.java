package io.batchflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The flow, a paused table or the share of a table had no room for a row, or too many callers were
 * waiting for room, or too many keys had calls under way, or too many tenants had rows. The row was
 * turned away: nothing of it was sent, and you may submit it again.
 */
public final class QueueFullException extends BatchFlowException {

  /** What had no room. */
  private enum Full {
    FLOW,
    PAUSED_TABLE,
    SHARE
  }

  private final int maxPending;
  private final Full full;

  private QueueFullException(@Nullable String table, String message, int maxPending) {
    this(table, message, maxPending, Full.FLOW);
  }

  private QueueFullException(@Nullable String table, String message, int maxPending, Full full) {
    super(table, message, null, false);
    this.maxPending = maxPending;
    this.full = full;
  }

  /** Returns the error of a row whose policy is {@link Overflow#FAIL}. */
  public static QueueFullException atOnce(String table, int maxPending) {
    return new QueueFullException(
        table,
        full(table, maxPending)
            + " and its policy is to fail at once. Submit later, slow the callers down, or raise"
            + " maxPending or maxPendingBytes.",
        maxPending);
  }

  /** Returns the error of a row that found too many callers waiting. */
  public static QueueFullException tooManyWaiters(String table, int maxPending, int maxWaiters) {
    return new QueueFullException(
        table,
        full(table, maxPending)
            + " and "
            + maxWaiters
            + " callers already wait for room. Submit later, or raise maxPending or maxWaiters.",
        maxPending);
  }

  /** Returns the error of a row that waited too long. */
  public static QueueFullException waitedTooLong(String table, int maxPending, Duration maxWait) {
    return new QueueFullException(
        table,
        full(table, maxPending)
            + " and no room became free within maxWait ("
            + maxWait
            + "). The backend is slower than the callers: slow them down, or raise maxPending or"
            + " maxWait.",
        maxPending);
  }

  /** Returns the error of a call whose key found too many others with calls under way. */
  public static QueueFullException tooManyKeys(String handler, int maxKeys) {
    return new QueueFullException(
        handler,
        "Call for handler '"
            + handler
            + "' was turned away: "
            + maxKeys
            + " other keys have calls under way. Send it later, or raise maxKeys.",
        maxKeys);
  }

  /**
   * Returns the error of a row whose tenant has no flow while others use as many as there may be.
   */
  public static QueueFullException tooManyTenants(String table, int maxTenants) {
    return new QueueFullException(
        table,
        "Row for table '"
            + table
            + "' was turned away: "
            + maxTenants
            + " other tenants have rows without an outcome. Submit later, or raise maxTenants.",
        maxTenants);
  }

  /** Returns the error of a stream that found too many streams waiting. */
  public static QueueFullException tooManyStreams(int maxPending) {
    return new QueueFullException(
        null,
        "Too many streams wait for room in the flow. Merge them into fewer submitAll calls.",
        maxPending);
  }

  /** Returns the error of a row whose table is paused and holds as many rows as it may. */
  public static QueueFullException paused(String table, int maxPausedRows, int maxPending) {
    return new QueueFullException(
        table,
        "Row for table '"
            + table
            + "' was turned away: the table is paused and holds maxPausedRows ("
            + maxPausedRows
            + ") rows, or paused tables hold maxPendingBytes. Submit later, resume the table, or"
            + " raise maxPausedRows.",
        maxPending,
        Full.PAUSED_TABLE);
  }

  /** Returns the error of a row whose table has its {@link BatchPolicy#share()} of the flow. */
  public static QueueFullException shareTaken(String table, int share, int maxPending) {
    return new QueueFullException(
        table,
        "Row for table '"
            + table
            + "' was turned away: the table has its share of the flow, "
            + share
            + " of maxPending ("
            + maxPending
            + ") rows. Submit later, slow the callers of this table down, or raise its share.",
        maxPending,
        Full.SHARE);
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

  /** Returns true: room becomes free when other rows are written. */
  @Override
  public boolean isRetryable() {
    return true;
  }

  /**
   * Returns whether the row's table is {@linkplain io.batchflow.control.TableControl#pause paused},
   * so that room becomes free when it is resumed.
   */
  public boolean isTablePaused() {
    return full == Full.PAUSED_TABLE;
  }

  /**
   * Returns whether the row's table has its {@linkplain BatchPolicy#share() share} of the flow,
   * which may have room for other tables.
   */
  public boolean isShareTaken() {
    return full == Full.SHARE;
  }

  /** Returns the flow's {@link BatchFlow.Builder#maxPending}. */
  public int maxPending() {
    return maxPending;
  }
}
