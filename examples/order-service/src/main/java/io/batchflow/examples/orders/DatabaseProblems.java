package io.batchflow.examples.orders;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers for a database that is away, where the service uses it without the flow. */
@RestControllerAdvice
class DatabaseProblems {

  @ExceptionHandler({DataAccessResourceFailureException.class, TransactionException.class})
  ProblemDetail unavailable() {
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.SERVICE_UNAVAILABLE,
        "The database does not answer. It is not known whether a payment is stored.");
  }
}
