package io.batchflow.spring.boot.web;

import io.batchflow.BatchFlowException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers a row that is not stored with its problem. It comes after every advice of the application
 * that has an order.
 */
@RestControllerAdvice
final class FlowProblemHandler {

  private final FlowResponses responses;

  FlowProblemHandler(FlowResponses responses) {
    this.responses = responses;
  }

  @ExceptionHandler
  ErrorResponse notStored(BatchFlowException failure) {
    return responses.problem(failure);
  }

  @ExceptionHandler
  ErrorResponse ended(NdjsonException failure) {
    return failure;
  }
}
