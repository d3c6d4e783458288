package io.batchflow.examples.tables;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.CatalogException;
import io.batchflow.catalog.TableMissingException;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers for what the catalog refuses. */
@RestControllerAdvice
@Order(0)
class TableProblems {

  @ExceptionHandler
  ProblemDetail invalid(InvalidConfigurationException invalid) {
    return problem(HttpStatus.BAD_REQUEST, invalid);
  }

  @ExceptionHandler
  ProblemDetail refused(CatalogException refused) {
    return problem(
        refused instanceof TableMissingException ? HttpStatus.NOT_FOUND : HttpStatus.CONFLICT,
        refused);
  }

  private static ProblemDetail problem(HttpStatus status, Throwable failure) {
    return ProblemDetail.forStatusAndDetail(status, String.valueOf(failure.getMessage()));
  }
}
