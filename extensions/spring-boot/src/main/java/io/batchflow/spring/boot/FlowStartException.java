package io.batchflow.spring.boot;

import org.jspecify.annotations.Nullable;

/** A flow cannot be built from the properties and beans of the application. */
@SuppressWarnings("serial")
final class FlowStartException extends IllegalStateException {

  final String description;
  final String action;

  FlowStartException(String description, String action, @Nullable Throwable cause) {
    super(description + " " + action, cause);
    this.description = description;
    this.action = action;
  }
}
