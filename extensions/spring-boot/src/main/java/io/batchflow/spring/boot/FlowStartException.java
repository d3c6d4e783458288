package io.batchflow.spring.boot;

import org.jspecify.annotations.Nullable;

/**
 * A flow or a catalog cannot be built from the properties and beans of the application. Spring Boot
 * shows the description and the action instead of a stack trace.
 */
@SuppressWarnings("serial")
public final class FlowStartException extends IllegalStateException {

  final String description;
  final String action;

  /**
   * Creates the exception.
   *
   * @param description what is wrong
   * @param action what to change
   */
  public FlowStartException(String description, String action, @Nullable Throwable cause) {
    super(description + " " + action, cause);
    this.description = description;
    this.action = action;
  }
}
