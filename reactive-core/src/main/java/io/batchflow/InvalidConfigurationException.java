package io.batchflow;

/**
 * An option with an impossible value, or two options that contradict each other: thrown when the
 * option is set or the flow is built. Nothing is corrected in silence.
 */
public final class InvalidConfigurationException extends BatchFlowException {

  private final String option;

  /**
   * Creates the exception; writers of your own use it for options of their own.
   *
   * @param option the option's name as the builder spells it
   * @param problem what is wrong, with the offending setting
   * @param remedy what to change
   */
  public InvalidConfigurationException(String option, String problem, String remedy) {
    super(null, "Option '" + option + "' " + problem + ". " + remedy + ".", null, true);
    this.option = option;
  }

  /** Returns the name of the option, as its builder spells it. */
  public String option() {
    return option;
  }
}
