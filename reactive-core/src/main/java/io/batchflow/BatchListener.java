package io.batchflow;

import java.time.Duration;
import reactor.util.context.ContextView;

/**
 * Told what happens inside a flow; metrics and audit are listeners. Every method does nothing
 * unless overridden.
 *
 * <p>Called on the flow's scheduler unless said otherwise, never on its own thread nor on a
 * driver's, possibly by several threads at once, before the callers of the rows get their outcomes;
 * must not block. What a listener throws is logged and goes no further.
 *
 * <p>Runs with no caller's ThreadLocals: whose rows these are is told by their Reactor Contexts, of
 * a batch by {@link Batch#contexts()}.
 */
public interface BatchListener {

  /**
   * The flow was built. Called once, on the thread that builds the flow, before any other method.
   */
  default void onStarted(FlowView flow) {}

  /**
   * A row was not admitted: the flow was full or closed, or the row invalid. Called on the
   * submitter's thread, or on the flow's scheduler where the row had waited.
   *
   * @param context the submitter's; empty for a row that is invalid before anyone subscribes
   */
  default void onTurnedAway(Row row, BatchFlowException reason, ContextView context) {}

  /**
   * A window closed and its rows are about to be written.
   *
   * @param rows the number of submissions, before rows of one key are merged
   * @param oldest how long the oldest of them waited
   */
  default void onSealed(Schema schema, int rows, SealReason reason, Duration oldest) {}

  /**
   * A batch, or a part of one that was split, was written.
   *
   * @param attempts how often it was sent, 1 where the first try succeeded
   * @param took from the first attempt to the verdict
   */
  default void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {}

  /**
   * A batch, or a part of one that was split, failed for good. Its rows end otherwise than written,
   * each with an error of its own.
   *
   * @param error what its rows are told, the writer's failure being its cause
   * @param attempts how often it was sent
   * @param took from the first attempt to the last failure
   */
  default void onFailed(Batch batch, BatchFlowException error, int attempts, Duration took) {}

  /**
   * All rows of a sealed batch have ended, and some of them are written. Called once for the batch,
   * its parts included.
   *
   * @param rows how many of its submissions are written, merged ones included
   * @param longest the longest time from the submission of one of them to its verdict
   */
  default void onDurable(Schema schema, int rows, Duration longest) {}

  /** A write failed and is about to be tried again. */
  default void onRetry(Batch batch, int attempt, Throwable failure) {}

  /** A write failed, perhaps because of some row, and is about to be tried in parts. */
  default void onSplit(Batch batch, Throwable failure) {}

  /**
   * An admitted row ended otherwise than written; {@link Outcome#error()} tells how.
   *
   * @param context the submitter's
   */
  default void onNotWritten(Outcome outcome, ContextView context) {}
}
