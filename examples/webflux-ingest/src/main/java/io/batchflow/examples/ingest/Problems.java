package io.batchflow.examples.ingest;

import io.batchflow.BatchFlowException;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.QueueFullException;
import io.batchflow.RowRejectedException;
import io.batchflow.UnknownOutcomeException;
import io.r2dbc.spi.R2dbcException;
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
  private static final String DUPLICATE_KEY = "23505";

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
    if (failure instanceof InvalidRowException) {
      return HttpStatus.BAD_REQUEST;
    }
    if (failure instanceof RowRejectedException) {
      return isDuplicate(failure) ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT;
    }
    return failure instanceof UnknownOutcomeException
        ? HttpStatus.INTERNAL_SERVER_ERROR
        : HttpStatus.SERVICE_UNAVAILABLE;
  }

  private static boolean isDuplicate(BatchFlowException failure) {
    return failure.getCause() instanceof R2dbcException driver
        && (DUPLICATE_KEY.equals(driver.getSqlState()) || driver.getErrorCode() == 1_062);
  }

  /** Returns the problem of one line of a stream. */
  static String describe(Throwable failure) {
    if (failure instanceof BatchFlowException known) {
      return isDuplicate(known) ? "an event with this id already exists" : message(known);
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
