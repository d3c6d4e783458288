package io.batchflow;

import io.batchflow.spi.Printable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The base class of all exceptions that BatchFlow throws or signals. Only this library can extend
 * it, so you can distinguish the cases by type, or by {@link #status()}. The cause is the
 * database's original exception; {@link #isDuplicateKey()}, {@link #sqlState()} and {@link #code()}
 * return the same without types of a driver. Messages name tables, columns and options, never the
 * values of a row.
 */
public abstract class BatchFlowException extends RuntimeException {

  private static final int NONE = -1;

  private final @Nullable String table;
  private final @Nullable BackendError backend;
  private transient @Nullable Row row;
  private int positionInUnit = NONE;

  /**
   * Creates the exception.
   *
   * @param table the table concerned, or null
   * @param stackTrace whether to record a stack trace; for an outcome, which the engine's threads
   *     signal, it would not help the caller
   */
  BatchFlowException(
      @Nullable String table, String message, @Nullable Throwable cause, boolean stackTrace) {
    this(table, message, cause, stackTrace, null);
  }

  /**
   * Creates the exception.
   *
   * @param backend what the backend reported about the cause, or null
   */
  BatchFlowException(
      @Nullable String table,
      String message,
      @Nullable Throwable cause,
      boolean stackTrace,
      @Nullable BackendError backend) {
    super(Printable.line(message), cause, true, stackTrace);
    this.table = table;
    this.backend = backend;
  }

  /** Returns the table concerned; null if there is none, or if all are concerned. */
  public @Nullable String table() {
    return table;
  }

  /**
   * Returns the row concerned, which is the submitted object; null if there is none, if a whole
   * batch is concerned, or after deserialization. If a unit was submitted, this is the row of the
   * unit that is the reason, or the unit itself if no single row is known to be.
   */
  public @Nullable Row row() {
    return row;
  }

  /**
   * Sets the row concerned, unless it is set. The flow does this for each outcome.
   *
   * @return this exception
   */
  public BatchFlowException initRow(Row row) {
    if (this.row == null) {
      this.row = row;
    }
    return this;
  }

  /**
   * Sets the row of a unit that is the reason, unless a row is set.
   *
   * @param position the position of the row in its unit, from 0; negative if no row is known
   * @return this exception
   */
  public BatchFlowException initRow(Row row, int position) {
    if (this.row == null) {
      this.positionInUnit = Math.max(position, NONE);
    }
    return initRow(row);
  }

  /**
   * Returns the position of {@link #row()} in the unit that was submitted, from 0; -1 if no unit
   * was submitted, or if no single row of it is known to be the reason.
   */
  public int positionInUnit() {
    return positionInUnit;
  }

  @Override
  public @Nullable String getMessage() {
    String message = super.getMessage();
    return positionInUnit == NONE
        ? message
        : message + " It is the row at position " + positionInUnit + " of its unit, from 0.";
  }

  /**
   * Returns the status of a row that fails with this exception: {@link OutcomeStatus#INVALID} if
   * the row itself cannot be sent, {@link OutcomeStatus#NOT_SENT} if nothing was sent and the row
   * is not the reason, {@link OutcomeStatus#UNKNOWN} if the row may be applied, else {@link
   * OutcomeStatus#REJECTED}.
   */
  public OutcomeStatus status() {
    return OutcomeStatus.REJECTED;
  }

  /**
   * Returns whether the same row may succeed if you submit it to this flow again later, and a
   * repeat does no harm: nothing of the row is applied, and the reason may pass. False for a closed
   * flow, although another flow may take the row.
   */
  public boolean isRetryable() {
    return false;
  }

  /**
   * Returns whether the backend rejected the row because its key, or a value of a unique index,
   * already exists.
   */
  public boolean isDuplicateKey() {
    return backend != null && backend.duplicateKey() && status() == OutcomeStatus.REJECTED;
  }

  /** Returns the SQLSTATE of the cause; null if there is none. */
  public @Nullable String sqlState() {
    return backend == null ? null : backend.sqlState();
  }

  /**
   * Returns the backend's own code of the cause, such as {@code 1062} of MySQL or {@code WRONGTYPE}
   * of Redis; null if there is none.
   */
  public @Nullable String code() {
    return backend == null ? null : backend.code();
  }

  /**
   * The caller of a row may not write its table: see {@link io.batchflow.guard.GuardedFlow}. The
   * row was turned away, and nothing of it was sent.
   */
  public static final class AccessDenied extends BatchFlowException {

    private final @Nullable String user;

    /**
     * Creates the exception.
     *
     * @param user the name of the caller; null if nobody is known
     * @param access what was wanted
     */
    public AccessDenied(String table, @Nullable String user, String access) {
      super(
          table,
          "Access "
              + access
              + " to table '"
              + table
              + "' is denied to "
              + (user == null ? "a caller without a name" : "user '" + user + "'")
              + ". Give the user a role that permits it.",
          null,
          false);
      this.user = user;
    }

    /** Returns the name of the caller; null if nobody is known. */
    public @Nullable String user() {
      return user;
    }

    /** Returns {@link OutcomeStatus#NOT_SENT}. */
    @Override
    public OutcomeStatus status() {
      return OutcomeStatus.NOT_SENT;
    }
  }

  /**
   * A quota of the row's user, tenant or table is used up, and the row did not wait for it. The row
   * was turned away: nothing of it was sent, and you may submit it again after {@link
   * #retryAfter()}.
   */
  public static final class QuotaExceeded extends BatchFlowException {

    private final @Nullable String user;
    private final @Nullable String tenant;
    private final Duration retryAfter;

    /**
     * Creates the exception.
     *
     * @param user the name of the caller; null if nobody is known
     * @param tenant the name of its tenant; null if none is known
     * @param quota whose quota is used up: {@code user}, {@code tenant} or {@code table}
     * @param retryAfter the time after which the quota has room for the row, if nobody else uses it
     */
    public QuotaExceeded(
        String table,
        @Nullable String user,
        @Nullable String tenant,
        String quota,
        Duration retryAfter) {
      super(
          table,
          "Row for table '"
              + table
              + "'"
              + (user == null ? "" : " of user '" + user + "'")
              + (tenant == null ? "" : " of tenant '" + tenant + "'")
              + " was turned away: the quota of the "
              + quota
              + " is used up. Submit the row again after "
              + retryAfter
              + ", or raise the quota.",
          null,
          false);
      this.user = user;
      this.tenant = tenant;
      this.retryAfter = retryAfter;
    }

    /** Returns the name of the caller; null if nobody is known. */
    public @Nullable String user() {
      return user;
    }

    /** Returns the name of the caller's tenant; null if none is known. */
    public @Nullable String tenant() {
      return tenant;
    }

    /** Returns the time after which the quota has room for the row, if nobody else uses it. */
    public Duration retryAfter() {
      return retryAfter;
    }

    /** Returns {@link OutcomeStatus#NOT_SENT}. */
    @Override
    public OutcomeStatus status() {
      return OutcomeStatus.NOT_SENT;
    }

    /** Returns true: a quota fills up with time. */
    @Override
    public boolean isRetryable() {
      return true;
    }
  }
}
