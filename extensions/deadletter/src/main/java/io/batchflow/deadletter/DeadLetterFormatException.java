package io.batchflow.deadletter;

/**
 * A text is not a {@link DeadLetter}, or not a row of its Schema. Names the table and the column if
 * known, never a value.
 */
public final class DeadLetterFormatException extends RuntimeException {

  private final String problem;

  /** Has no cause, since a parser's message may quote values. */
  DeadLetterFormatException(String problem) {
    super(problem + ". Correct the text, or replay it with a Schema that fits.");
    this.problem = problem;
  }

  /** Returns the same error with its place. */
  DeadLetterFormatException in(String place) {
    return new DeadLetterFormatException(place + ": " + problem);
  }
}
