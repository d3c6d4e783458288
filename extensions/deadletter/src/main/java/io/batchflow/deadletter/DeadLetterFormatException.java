package io.batchflow.deadletter;

/**
 * A text is no {@link DeadLetter}, or no row of its Schema. Names the table and the column where
 * they are known, and never a value.
 */
public final class DeadLetterFormatException extends RuntimeException {

  private final String problem;

  /** Has no cause: a parser's words quote what it could not read. */
  DeadLetterFormatException(String problem) {
    super(problem + ". Correct the text, or replay it with a Schema that fits.");
    this.problem = problem;
  }

  /** Returns the same, and where it is. */
  DeadLetterFormatException in(String place) {
    return new DeadLetterFormatException(place + ": " + problem);
  }
}
