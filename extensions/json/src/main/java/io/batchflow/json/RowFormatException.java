package io.batchflow.json;

/** A text is not a row of its Schema. Names the table and the column if known, never a value. */
public final class RowFormatException extends RuntimeException {

  private final String problem;

  /** Has no cause, since a parser's message may quote values. */
  RowFormatException(String problem) {
    super(problem + ". Correct the text, or read it with a Schema that fits.");
    this.problem = problem;
  }

  /** Returns what is wrong, without what to do. */
  public String problem() {
    return problem;
  }
}
