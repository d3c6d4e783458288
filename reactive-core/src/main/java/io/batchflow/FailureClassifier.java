package io.batchflow;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

/**
 * Classifies failed writes. Each writer has its own classifier ({@link
 * BatchWriter#failureClassifier()}), which knows the codes of its driver. The flow's builder can
 * replace it.
 *
 * <p>Called on the flow's scheduler, possibly by several threads at once; must not block.
 */
@FunctionalInterface
public interface FailureClassifier {

  /** Returns the kind of the failure. */
  FailureKind classify(Throwable failure);

  /**
   * Returns the classifier for writers that have none of their own. An error is {@link
   * FailureKind#PERMANENT}, since by the contract of {@link BatchWriter} nothing was applied.
   * {@link TimeoutException} and {@link IOException} are {@link FailureKind#UNKNOWN}, since the
   * write may have been applied.
   */
  static FailureClassifier standard() {
    return failure ->
        failure instanceof TimeoutException || failure instanceof IOException
            ? FailureKind.UNKNOWN
            : FailureKind.PERMANENT;
  }
}
