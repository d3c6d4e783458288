package io.batchflow.micrometer;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.QueueFullException;
import io.batchflow.RowExpiredException;

/** Why a submission was turned away. */
enum RejectionReason {
  FULL,
  CLOSED,
  EXPIRED,
  INVALID;

  static RejectionReason by(BatchFlowException reason) {
    if (reason instanceof QueueFullException) {
      return FULL;
    }
    if (reason instanceof FlowClosedException) {
      return CLOSED;
    }
    return reason instanceof RowExpiredException ? EXPIRED : INVALID;
  }
}
