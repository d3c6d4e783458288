package io.batchflow.micrometer;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.FlowClosedException;
import io.batchflow.QueueFullException;
import io.batchflow.RowExpiredException;

/** Why a submission was turned away. */
enum RejectionReason {
  FULL,
  CLOSED,
  EXPIRED,
  DENIED,
  QUOTA,
  INVALID;

  static RejectionReason by(BatchFlowException reason) {
    if (reason instanceof QueueFullException) {
      return FULL;
    }
    if (reason instanceof FlowClosedException) {
      return CLOSED;
    }
    if (reason instanceof AccessDenied) {
      return DENIED;
    }
    if (reason instanceof QuotaExceeded) {
      return QUOTA;
    }
    return reason instanceof RowExpiredException ? EXPIRED : INVALID;
  }
}
