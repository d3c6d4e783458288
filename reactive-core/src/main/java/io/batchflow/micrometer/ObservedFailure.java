package io.batchflow.micrometer;

/** What an Observation is told of a failure: its type, without the backend's words or a trace. */
final class ObservedFailure extends RuntimeException {

  ObservedFailure(String errorType) {
    super(errorType, null, false, false);
  }
}
