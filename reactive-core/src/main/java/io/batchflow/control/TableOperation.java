package io.batchflow.control;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a {@link TableControl} that has ended. Immutable. Only the library should
 * construct it: components may be added.
 *
 * @param time when it began, by the clock of the flow's scheduler
 * @param table the table
 * @param kind what was asked for
 * @param details the options that changed, as {@code maxSize: 1000 -> 5000}; empty for other
 *     operations
 * @param rows the rows of the table without an outcome when it began
 * @param took the time until it ended
 * @param error why it failed; null if it did not. A {@link
 *     java.util.concurrent.CancellationException} if its caller stopped waiting: the operation
 *     itself goes on
 */
public record TableOperation(
    Instant time,
    String table,
    Kind kind,
    String details,
    long rows,
    Duration took,
    @Nullable Throwable error) {

  /** What was asked for. */
  public enum Kind {
    /** {@link TableControl#pause()}. */
    PAUSE,
    /** {@link TableControl#resume()}. */
    RESUME,
    /** {@link TableControl#flush()}. */
    FLUSH,
    /** {@link TableControl#drain()}. */
    DRAIN,
    /** {@link TableControl#policy(io.batchflow.BatchPolicy)}. */
    POLICY
  }

  /** Returns whether it did what was asked for. */
  public boolean isSuccess() {
    return error == null;
  }
}
