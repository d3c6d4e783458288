package io.batchflow;

import io.batchflow.internal.key.ByBackend;
import io.batchflow.internal.key.ByValue;
import io.batchflow.internal.key.UncertainKey;
import org.jspecify.annotations.Nullable;

/**
 * How a backend compares the conflict keys of a {@link Schema}'s rows. What is equal is for the
 * backend to say: {@code 1.0} and {@code 1} are one key in a column of numbers and two in a column
 * of text.
 *
 * <p>An implementation gives each row an object that stands for its key. Rows are sorted by these
 * objects and shared out by their hash, so that rows whose keys the backend may call equal must
 * have equal objects. Where the rule is {@linkplain #isExact() exact}, the reverse holds as well,
 * and rows with equal objects are merged; else only the backend can tell, and such rows are written
 * in the order of their submission.
 *
 * <p>Implementations are immutable and safe for any thread. Two that compare alike are equal by
 * {@code equals}: a flow takes another one for a change of the table. {@link #key} runs for each
 * row: it must be fast, and it must not block.
 */
public interface KeyEquality {

  /** Stands for a key of which only the backend can tell which others it equals. */
  Object UNCERTAIN = UncertainKey.INSTANCE;

  /**
   * Returns what stands for a row's key: a {@link Comparable}, or a {@link java.util.List} of such;
   * {@link #UNCERTAIN} where only the backend can tell; null where the row conflicts with no other,
   * as its key holds a null or the backend makes up another key.
   */
  @Nullable Object key(Row row);

  /** Returns whether rows with equal keys are surely one row to the backend. */
  boolean isExact();

  /**
   * Returns the rule for a backend of which nothing is known: numbers of one value, and texts of
   * one content, may be one key. Only equal values of the same type surely are. A null conflicts
   * with nothing.
   */
  static KeyEquality byValue() {
    return ByValue.INSTANCE;
  }

  /** Returns the rule where only the backend can tell which keys are equal. */
  static KeyEquality byBackend() {
    return ByBackend.INSTANCE;
  }
}
