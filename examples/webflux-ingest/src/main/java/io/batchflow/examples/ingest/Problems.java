package io.batchflow.examples.ingest;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.QueueFullException;
import io.batchflow.RowRejectedException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers with the reason why an event is not stored, as a problem of RFC 9457. Messages of the
 * library contain no value of a row. Messages of the driver may, so they are not sent.
 */
@RestControllerAdvice
class Problems {

  private static final String SOON = "1";

  @ExceptionHandler(EventParser.BadEventException.class)
  ResponseEntity<ProblemDetail> badEvent(EventParser.BadEventException failure) {
    return answer(HttpStatus.BAD_REQUEST, failure);
  }

  @ExceptionHandler(BatchFlowException.class)
  ResponseEntity<ProblemDetail> notStored(BatchFlowException failure) {
    return answer(statusOf(failure), failure);
  }

  private static HttpStatus statusOf(BatchFlowException failure) {
    if (failure instanceof QueueFullException) {
      return HttpStatus.TOO_MANY_REQUESTS;
    }
    return switch (failure.status()) {
      case INVALID -> HttpStatus.BAD_REQUEST;
      case REJECTED -> rejectedAs(failure);
      case NOT_SENT -> HttpStatus.SERVICE_UNAVAILABLE;
      case UNKNOWN, WRITTEN -> HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  private static HttpStatus rejectedAs(BatchFlowException failure) {
    if (!(failure instanceof RowRejectedException)) {
      return HttpStatus.SERVICE_UNAVAILABLE;
    }
    return failure.isDuplicateKey() ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT;
  }

  /** Returns the problem of one line of a stream. */
  static String describe(@Nullable Throwable failure) {
    if (failure instanceof InvalidRowException invalid
        && invalid.getCause() instanceof EventParser.BadEventException bad) {
      return message(bad);
    }
    if (failure instanceof BatchFlowException known) {
      return known.isDuplicateKey() ? "an event with this id already exists" : message(known);
    }
    return failure instanceof EventParser.BadEventException ? message(failure) : "it failed";
  }

  private static ResponseEntity<ProblemDetail> answer(HttpStatus status, Throwable failure) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, describe(failure));
    problem.setProperty("reason", failure.getClass().getSimpleName());
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (failure instanceof QueueFullException || failure instanceof FlowClosedException) {
      answer.header(HttpHeaders.RETRY_AFTER, SOON);
    }
    return answer.body(problem);
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
