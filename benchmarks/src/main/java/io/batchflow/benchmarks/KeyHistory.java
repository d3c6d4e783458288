package io.batchflow.benchmarks;

import io.batchflow.OutcomeStatus;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that one key may have after its rows, by their outcomes. Rows are added in the order
 * of their submission. Not thread-safe.
 */
final class KeyHistory {

  private final Set<Optional<String>> possible = new HashSet<>(Set.of(Optional.empty()));

  /**
   * Adds a row of the key.
   *
   * @param value null for a row that deletes its key
   */
  void add(@Nullable String value, OutcomeStatus status) {
    switch (status) {
      case WRITTEN -> {
        possible.clear();
        possible.add(Optional.ofNullable(value));
      }
      case UNKNOWN -> possible.add(Optional.ofNullable(value));
      case REJECTED, INVALID, NOT_SENT -> {
        // the row left no trace
      }
    }
  }

  /**
   * Returns whether a stored value agrees with the outcomes.
   *
   * @param stored null if the key is absent
   */
  boolean allows(@Nullable String stored) {
    return possible.contains(Optional.ofNullable(stored));
  }
}
