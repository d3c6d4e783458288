package io.batchflow.micrometer;

/**
 * Reports the type of a failure to an Observation, without the backend's message or a stack trace.
 */
final class ObservedFailure extends RuntimeException {

  ObservedFailure(String errorType) {
    super(errorType, null, false, false);
  }
}
