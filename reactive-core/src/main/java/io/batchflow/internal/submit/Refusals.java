package io.batchflow.internal.submit;

import io.batchflow.FlowClosedException;
import io.batchflow.QueueFullException;
import io.batchflow.Schema;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.Share;
import org.jspecify.annotations.Nullable;

/** The errors of rows that the flow does not take, or does not send. Thread-safe. */
public final class Refusals {

  private final FlowConfig config;

  /** The internal fault that stopped the flow. */
  private volatile @Nullable Throwable fault;

  Refusals(FlowConfig config) {
    this.config = config;
  }

  void stoppedBy(Throwable fault) {
    this.fault = fault;
  }

  /** Returns the internal fault that stopped the flow, or null. */
  @Nullable Throwable fault() {
    return fault;
  }

  /** Returns the error of a new submission to a closed flow. */
  FlowClosedException closed(Schema schema) {
    Throwable stopped = fault;
    return stopped == null
        ? FlowClosedException.submitted(schema.table())
        : FlowClosedException.failed(schema.table(), stopped);
  }

  /** Returns the error of an admitted row that will not be sent. */
  public FlowClosedException notSent(Schema schema) {
    Throwable stopped = fault;
    return stopped == null
        ? FlowClosedException.notSent(schema.table())
        : FlowClosedException.failed(schema.table(), stopped);
  }

  /** Returns the error of a row that found no room. */
  QueueFullException full(Schema schema) {
    return QueueFullException.atOnce(schema.table(), config.maxPending);
  }

  /** Returns the error of a row whose table has its share of the flow. */
  QueueFullException shareTaken(Schema schema, Share share) {
    return QueueFullException.shareTaken(schema.table(), share.maxRows(), config.maxPending);
  }

  /** Returns the error of a row that found too many callers waiting. */
  QueueFullException tooManyWaiters(Schema schema) {
    return QueueFullException.tooManyWaiters(schema.table(), config.maxPending, config.maxWaiters);
  }

  /** Returns the error of a stream that found too many streams waiting. */
  QueueFullException tooManyStreams() {
    return QueueFullException.tooManyStreams(config.maxPending);
  }
}
