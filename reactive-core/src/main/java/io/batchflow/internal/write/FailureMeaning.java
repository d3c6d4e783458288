package io.batchflow.internal.write;

import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.batchflow.StaleKeysException;
import io.batchflow.internal.loop.Safely;
import java.util.Objects;

/** What failures of a writer mean, by its classifier, whatever that does. For any thread. */
final class FailureMeaning {

  private final FailureClassifier classifier;

  FailureMeaning(FailureClassifier classifier) {
    this.classifier = classifier;
  }

  /** An error breaks off in the midst of anything, and a classifier that throws knows nothing. */
  FailureKind of(Throwable failure) {
    if (failure instanceof StaleKeysException) {
      return FailureKind.TRANSIENT;
    }
    if (failure instanceof NoVerdictException own) {
      return own.kind;
    }
    if (failure instanceof Error) {
      return FailureKind.UNKNOWN;
    }
    try {
      return Objects.requireNonNull(classifier.classify(failure), "The classifier returned null");
    } catch (Throwable thrown) {
      Safely.drop(thrown);
      return FailureKind.UNKNOWN;
    }
  }

  /** Whether a later try may succeed, and nothing was applied by this one. */
  static boolean passes(FailureKind kind) {
    return kind == FailureKind.TRANSIENT || kind == FailureKind.CONTENTION;
  }

  /** What is transient; what is ambiguous only where a repeat is harmless. */
  static boolean isHopeful(FailureKind kind, boolean repeatable) {
    return passes(kind) || (kind == FailureKind.UNKNOWN && repeatable);
  }

  /** Whether it may be a row's or the table's, which only rows that are written alone can tell. */
  static boolean isOpen(FailureKind kind) {
    return kind == FailureKind.PERMANENT || kind == FailureKind.CONTENTION;
  }
}
