package io.batchflow.internal.lane;

import io.batchflow.KeyEquality;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which a lane distributes keys over its windows, and the one that comes next. Only the
 * drain changes it; any thread may read the current one.
 */
final class KeyRule {

  private volatile @Nullable KeyEquality current;

  /** The rule that it changes to when nothing is in flight. */
  private @Nullable KeyEquality next;

  /** The rule in force when a row came that only the backend can compare. */
  private @Nullable KeyEquality uncertain;

  /** Returns null while no rule is known. For any thread. */
  @Nullable KeyEquality current() {
    return current;
  }

  /** Whether the lane's rows must be distributed again. */
  boolean changes() {
    return next != null;
  }

  /**
   * A row came whose key only the backend can compare, although the rule is exact.
   *
   * @param idle whether nothing of the lane waits or is in flight
   */
  void onlyBackendTells(boolean idle) {
    if (current != KeyEquality.byBackend()) {
      uncertain = current;
      change(KeyEquality.byBackend(), idle);
    }
  }

  /** Sets the rule that the writer has now. */
  void set(KeyEquality rule, boolean idle) {
    if (!rule.equals(uncertain)) {
      uncertain = null;
      change(rule, idle);
    }
  }

  private void change(KeyEquality rule, boolean idle) {
    next = rule.equals(current) ? null : rule;
    if (idle) {
      current = rule;
      next = null;
    }
  }

  /** Changes to the next rule, if there is one. */
  void advance() {
    if (next != null) {
      current = next;
      next = null;
    }
  }
}
