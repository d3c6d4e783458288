package io.batchflow.json;

/**
 * A text is no row of its Schema. Names the table and the column where they are known, and never a
 * value.
 */
public final class RowFormatException extends RuntimeException {

  private final String problem;

  /** Has no cause: a parser's words quote what it could not read. */
  RowFormatException(String problem) {
    super(problem + ". Correct the text, or read it with a Schema that fits.");
    this.problem = problem;
  }

  /** Returns what is wrong, without what to do. */
  public String problem() {
    return problem;
  }
}
