package io.batchflow;

import io.batchflow.control.TableControl;
import io.batchflow.control.TableOperation;
import java.time.Duration;
import reactor.util.context.ContextView;

/**
 * Receives the events of a flow, for metrics or an audit trail. By default every method does
 * nothing.
 *
 * <p>The flow calls a listener before it reports the outcomes of the rows. Calls run on the flow's
 * scheduler unless stated otherwise, never on the engine's or a driver's thread, and possibly on
 * several threads at once. A listener must not block. Its exceptions are logged and ignored.
 *
 * <p>ThreadLocals of callers are not set. Use the Reactor Contexts of the callers instead; {@link
 * Batch#contexts()} returns those of a batch.
 */
public interface BatchListener {

  /**
   * The flow was built. Called once, before any other method, on the thread that builds the flow.
   */
  default void onStarted(FlowView flow) {}

  /**
   * A row was turned away: the flow was full or closed, or the row was invalid. Called on the
   * submitter's thread, or on the flow's scheduler if the row had waited for room.
   *
   * @param context the submitter's context; empty if the row was invalid before a subscription
   */
  default void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {}

  /**
   * A window closed and its rows are about to be written.
   *
   * @param rows the number of submissions, before rows of the same key are merged
   * @param oldest how long the oldest of them waited
   */
  default void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {}

  /**
   * A batch, or a part of one that was split, was written.
   *
   * @param attempts how often it was sent; 1 if the first attempt succeeded
   * @param took the time from the first attempt to the result
   */
  default void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {}

  /**
   * A batch, or a part of one that was split, failed finally. None of its rows counts as written;
   * each gets its own error.
   *
   * @param error the error of its rows; its cause is the writer's failure
   * @param attempts how often it was sent
   * @param took the time from the first attempt to the last failure
   */
  default void onFailed(Batch batch, BatchFlowException error, int attempts, Duration took) {}

  /**
   * All rows of a sealed batch have their outcome, and some of them are written. Called once for
   * each sealed batch, even if it was split.
   *
   * @param rows the number of written submissions, merged ones included
   * @param longest the longest time from a submission to its outcome
   */
  default void onDurable(Schema schema, int rows, Duration longest) {}

  /** A write failed and will be retried. */
  default void onRetry(Batch batch, int attempt, Throwable failure) {}

  /** A write failed, possibly because of one row, and will be retried in parts. */
  default void onSplit(Batch batch, Throwable failure) {}

  /**
   * An admitted row was not written, or may not be; {@link Outcome#error()} tells why.
   *
   * @param context the submitter's context
   */
  default void onNotWritten(Outcome<Row> outcome, ContextView context) {}

  /**
   * An operation of a {@link TableControl} has ended, before its caller is told. Called where the
   * caller is told; if the caller stopped waiting, on its thread.
   *
   * @param context the context of the caller
   */
  default void onTableOperation(TableOperation operation, ContextView context) {}
}
