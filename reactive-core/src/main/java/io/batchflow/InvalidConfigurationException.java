package io.batchflow;

/**
 * An option has an invalid value, or two options contradict each other. Thrown when the option is
 * set or the flow is built. Invalid values are never corrected silently.
 */
public final class InvalidConfigurationException extends BatchFlowException {

  private final String option;

  /**
   * Creates the exception. Your own writers may use it for their options.
   *
   * @param option the name of the option in the builder
   * @param problem what is wrong, with the invalid value
   * @param remedy what to change
   */
  public InvalidConfigurationException(String option, String problem, String remedy) {
    super(null, "Option '" + option + "' " + problem + ". " + remedy + ".", null, true);
    this.option = option;
  }

  /** Returns the name of the option in its builder. */
  public String option() {
    return option;
  }

  /** Returns {@link OutcomeStatus#INVALID}: nothing was sent. */
  @Override
  public OutcomeStatus status() {
    return OutcomeStatus.INVALID;
  }
}
