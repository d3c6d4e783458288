package io.batchflow.deadletter;

import org.jspecify.annotations.Nullable;

/**
 * A text is no {@link DeadLetter}, or no row of its Schema. Names the table and the column where
 * they are known, and never a value.
 */
public final class DeadLetterFormatException extends RuntimeException {

  DeadLetterFormatException(String problem, @Nullable Throwable cause) {
    super(problem + ". Mend the text, or replay it with a Schema that fits.", cause);
  }
}
