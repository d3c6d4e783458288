package io.batchflow.spring.boot.web;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.BatchWriteException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.QueueFullException;
import io.batchflow.RowAbsentException;
import io.batchflow.RowExpiredException;
import io.batchflow.RowRejectedException;
import io.batchflow.UnknownOutcomeException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The reasons why a row is not stored, in words for the caller of the service. */
final class FlowProblems {

  private FlowProblems() {}

  static ProblemDetail of(BatchFlowException failure) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(statusOf(failure), detailOf(failure));
    problem.setProperty("reason", failure.getClass().getSimpleName());
    problem.setProperty("outcome", failure.status());
    if (failure.positionInUnit() >= 0) {
      problem.setProperty("position", failure.positionInUnit());
    }
    return problem;
  }

  // A closed flow takes no row again, but the next instance of the service does.
  static boolean mayBeSentAgain(BatchFlowException failure) {
    return failure.isRetryable() || failure instanceof FlowClosedException;
  }

  private static HttpStatus statusOf(BatchFlowException failure) {
    if (failure.isDuplicateKey()) {
      return HttpStatus.CONFLICT;
    }
    if (failure instanceof InvalidRowException
        || failure instanceof RowRejectedException
        || failure instanceof RowAbsentException) {
      return HttpStatus.UNPROCESSABLE_CONTENT;
    }
    if (failure instanceof QueueFullException || failure instanceof QuotaExceeded) {
      return HttpStatus.TOO_MANY_REQUESTS;
    }
    if (failure instanceof AccessDenied) {
      return HttpStatus.FORBIDDEN;
    }
    return failure instanceof FlowClosedException
            || failure instanceof RowExpiredException
            || failure instanceof BatchWriteException
            || failure instanceof UnknownOutcomeException
        ? HttpStatus.SERVICE_UNAVAILABLE
        : HttpStatus.INTERNAL_SERVER_ERROR;
  }

  private static String detailOf(BatchFlowException failure) {
    String table = "Table '" + failure.table() + "'";
    if (failure.isDuplicateKey()) {
      return table + " already has a row with this key or unique value.";
    }
    if (failure instanceof InvalidRowException) {
      return String.valueOf(failure.getMessage());
    }
    if (failure instanceof RowRejectedException) {
      return table + " rejected a row. Correct the row before you send it again.";
    }
    if (failure instanceof RowAbsentException) {
      return table + " has no row with this key, and the row may only update.";
    }
    if (failure instanceof QueueFullException full) {
      if (full.isShareTaken()) {
        return table + " is busy. Nothing is stored; send the row again later.";
      }
      return full.isTablePaused()
          ? table
              + " is paused and takes no more rows. Nothing is stored; send the row again later."
          : "The service is full. Nothing is stored; send the row again later.";
    }
    if (failure instanceof AccessDenied) {
      return table + " may not be written by this caller. Nothing is stored.";
    }
    if (failure instanceof QuotaExceeded) {
      return table
          + " takes no more rows at this rate. Nothing is stored; send the row again later.";
    }
    if (failure instanceof FlowClosedException closed) {
      return closed.isTableDrained()
          ? table + " takes no rows. Nothing is stored."
          : "The service stops. Nothing is stored; send the row again.";
    }
    if (failure instanceof RowExpiredException) {
      return "The row could not be stored in time. Nothing is stored; send the row again later.";
    }
    if (failure instanceof BatchWriteException) {
      return "The row could not be stored, and the row is not known to be the reason. Nothing is"
          + " stored.";
    }
    if (failure instanceof UnknownOutcomeException) {
      return "It is not known whether the row is stored. Look it up before you send it again.";
    }
    return "The row could not be stored.";
  }
}
