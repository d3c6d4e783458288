package io.batchflow;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

/**
 * Tells what a failed write means. A writer brings its own ({@link
 * BatchWriter#failureClassifier()}), as only it knows its driver's codes; the flow's builder can
 * replace it.
 *
 * <p>Called on the flow's scheduler, possibly by several threads at once; must not block.
 */
@FunctionalInterface
public interface FailureClassifier {

  /** Returns what the failure means for the batch. */
  FailureKind classify(Throwable failure);

  /**
   * Returns the classifier for writers that have none of their own. By the contract of {@link
   * BatchWriter#write} an error means that nothing was applied, hence {@link
   * FailureKind#PERMANENT}; {@link TimeoutException} and {@link IOException} leave the verdict
   * open, hence {@link FailureKind#UNKNOWN}.
   */
  static FailureClassifier standard() {
    return failure ->
        failure instanceof TimeoutException || failure instanceof IOException
            ? FailureKind.UNKNOWN
            : FailureKind.PERMANENT;
  }
}
