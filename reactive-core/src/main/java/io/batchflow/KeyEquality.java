package io.batchflow;

import io.batchflow.internal.key.ByBackend;
import io.batchflow.internal.key.ByValue;
import io.batchflow.internal.key.UncertainKey;
import io.batchflow.internal.key.Unknown;
import org.jspecify.annotations.Nullable;

/**
 * How a backend compares the conflict keys of a {@link Schema}'s rows. The backend decides which
 * keys are equal: {@code 1.0} and {@code 1} are the same key in a numeric column and different keys
 * in a text column.
 *
 * <p>An implementation maps each row to an object that represents its key. The flow sorts rows by
 * these objects and distributes them by their hash. Rows whose keys may be equal in the backend
 * must have equal objects. If the rule is {@linkplain #isExact() exact}, the reverse also holds,
 * and rows with equal objects are merged. Otherwise such rows are written in the order of their
 * submission.
 *
 * <p>Implementations are immutable and thread-safe. Two rules that compare the same way must be
 * equal by {@code equals}: the flow treats an unequal rule as a change of the table. {@link #key}
 * is called for each row: it must be fast and must not block.
 */
public interface KeyEquality {

  /** Represents a key that only the backend can compare with others. */
  Object UNCERTAIN = UncertainKey.INSTANCE;

  /**
   * Returns the object that represents a row's key: a {@link Comparable} or a {@link
   * java.util.List} of them. Returns {@link #UNCERTAIN} if only the backend can compare it. Returns
   * null if the row conflicts with no other, because its key holds a null or the backend generates
   * the key.
   */
  @Nullable Object key(Row row);

  /** Returns whether rows with equal objects certainly have the same key in the backend. */
  boolean isExact();

  /**
   * Returns the rule for an unknown backend. Numbers of the same value and texts of the same
   * content may be the same key. Only equal values of the same type certainly are. A row with a
   * null in its key conflicts with no other.
   */
  static KeyEquality byValue() {
    return ByValue.INSTANCE;
  }

  /**
   * Returns the rule by which only the backend can compare keys. Only rows with the very same
   * values are merged.
   */
  static KeyEquality byBackend() {
    return ByBackend.INSTANCE;
  }

  /**
   * Returns the rule of a backend that may replace keys when it stores them, as a trigger can. Any
   * two rows may get the same key, and rows with the same values may get different keys. So no rows
   * are merged.
   */
  static KeyEquality unknown() {
    return Unknown.INSTANCE;
  }
}
