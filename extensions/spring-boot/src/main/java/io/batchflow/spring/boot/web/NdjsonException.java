package io.batchflow.spring.boot.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;

/**
 * A body of NDJSON was not read to its end, as it exceeds a limit, comes too slowly, or the flow
 * closed. Its {@linkplain #getBody() problem} has the properties {@code lines} and {@code stored}
 * of {@link IngestReport}: earlier lines are stored nevertheless.
 */
public final class NdjsonException extends ErrorResponseException {

  private static final long serialVersionUID = 1L;

  NdjsonException(HttpStatus status, String detail) {
    super(status, ProblemDetail.forStatusAndDetail(status, detail), null);
  }

  private NdjsonException(ErrorResponse problem, Throwable cause) {
    super(problem.getStatusCode(), problem.getBody(), cause);
    getHeaders().putAll(problem.getHeaders());
  }

  static NdjsonException of(ErrorResponse problem, Throwable cause) {
    return new NdjsonException(problem, cause);
  }

  NdjsonException after(IngestReport report) {
    getBody().setProperty("lines", report.lines());
    getBody().setProperty("stored", report.stored());
    return this;
  }
}
