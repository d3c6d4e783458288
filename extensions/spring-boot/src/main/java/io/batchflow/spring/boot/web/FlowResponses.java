package io.batchflow.spring.boot.web;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.Outcome;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;

/**
 * Turns outcomes of rows into answers over HTTP. Immutable and thread-safe.
 *
 * <table>
 * <caption>The status of each outcome</caption>
 * <tr><th>status</th><th>outcome</th></tr>
 * <tr><td>201</td><td>written or inserted</td></tr>
 * <tr><td>200</td><td>updated, merged, ignored, deleted or absent</td></tr>
 * <tr><td>409</td><td>rejected, as the key or a unique value exists</td></tr>
 * <tr><td>422</td><td>invalid, or rejected for another reason of its own</td></tr>
 * <tr><td>403</td><td>turned away, as its caller may not write the table</td></tr>
 * <tr><td>429</td><td>turned away, as the flow is full or a quota is used up</td></tr>
 * <tr><td>503</td><td>not sent, not written for a reason of the database, or unknown</td></tr>
 * </table>
 *
 * <p>A problem has the properties {@code reason}, which is the simple name of the exception, and
 * {@code outcome}, the {@link io.batchflow.OutcomeStatus}. It has {@code Retry-After} only if
 * nothing of the row is applied and the reason may pass; of a quota, it is the time that the quota
 * needs. No problem contains a value of a row, or the message of a driver.
 */
public final class FlowResponses {

  private final String retryAfter;

  private FlowResponses(String retryAfter) {
    this.retryAfter = retryAfter;
  }

  /**
   * Returns the answers.
   *
   * @param retryAfter the time after which callers may send a row again, rounded up to seconds
   */
  public static FlowResponses create(Duration retryAfter) {
    return new FlowResponses(seconds(retryAfter));
  }

  private static String seconds(Duration time) {
    return Long.toString(time.plusNanos(999_999_999).toSeconds());
  }

  /** Returns the status of a stored row: 201 or 200. */
  public HttpStatus status(WriteResult result) {
    return switch (result.verdict()) {
      case WRITTEN, INSERTED -> HttpStatus.CREATED;
      case UPDATED, IGNORED, DELETED, ABSENT, MERGED -> HttpStatus.OK;
    };
  }

  /** Returns the answer to a stored row, without a body. */
  public ResponseEntity<Void> of(WriteResult result) {
    return ResponseEntity.status(status(result)).build();
  }

  /** Returns the answer to any outcome: without a body if it is written, else a problem. */
  public ResponseEntity<ProblemDetail> of(Outcome<?> outcome) {
    BatchFlowException failure = outcome.error();
    if (failure == null) {
      return ResponseEntity.status(status(Objects.requireNonNull(outcome.result()))).build();
    }
    ErrorResponse problem = problem(failure);
    return ResponseEntity.status(problem.getStatusCode())
        .headers(problem.getHeaders())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem.getBody());
  }

  /**
   * Returns the problem of a row that is not stored. A controller may return it, and a {@code
   * RouterFunction} may pass it to {@code ServerResponse.from}.
   */
  public ErrorResponse problem(BatchFlowException failure) {
    ErrorResponse.Builder response = ErrorResponse.builder(failure, FlowProblems.of(failure));
    if (FlowProblems.mayBeSentAgain(failure)) {
      response.header(
          HttpHeaders.RETRY_AFTER,
          failure instanceof QuotaExceeded exceeded ? seconds(exceeded.retryAfter()) : retryAfter);
    }
    return response.build();
  }
}
