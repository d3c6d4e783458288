package io.batchflow.r2dbc.retention;

import java.time.Duration;

/**
 * Is told what a {@link Retention} does, except for dry runs. Called on threads of the driver; must
 * not block or throw. All methods do nothing by default.
 */
public interface RetentionListener {

  /**
   * A transaction has deleted rows.
   *
   * @param rows how many, maybe none
   * @param took how long it took, with the time to get a connection
   */
  default void onBatch(String table, long rows, Duration took) {}

  /** A partition was dropped. */
  default void onPartitionDropped(String table) {}

  /** A run has ended, maybe by a {@linkplain RetentionRun#failure failure}. */
  default void onRun(RetentionRun run) {}

  /** The rules of {@link Retention#whileHeld} could not be read. They are read again later. */
  default void onRulesFailed(Throwable failure) {}
}
