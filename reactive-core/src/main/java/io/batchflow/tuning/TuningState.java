package io.batchflow.tuning;

import io.batchflow.InvalidConfigurationException;

/**
 * What a {@link SelfTuner} has found for a table. Keep it, and give it to {@link
 * SelfTuner.Builder#resume} of a later process, which then starts where this one ended. Immutable.
 *
 * @param table the name of the table
 * @param rows the rows of a full batch
 * @param slots the batches that are written at the same time
 * @param fixedNanos the time of a batch without its rows, in nanoseconds
 * @param nanosPerRow the time that each row adds to it, in nanoseconds; both are 0 if nothing is
 *     known
 */
public record TuningState(
    String table, int rows, int slots, double fixedNanos, double nanosPerRow) {

  /**
   * Creates a state.
   *
   * @throws InvalidConfigurationException if rows or slots are below 1, or a time is negative or
   *     not finite
   */
  public TuningState {
    atLeastOne("rows", rows);
    atLeastOne("slots", slots);
    time("fixedNanos", fixedNanos);
    time("nanosPerRow", nanosPerRow);
  }

  private static void atLeastOne(String component, int value) {
    if (value < 1) {
      throw new InvalidConfigurationException(
          component, "is " + value, "Give a number of at least 1");
    }
  }

  private static void time(String component, double nanos) {
    if (!(nanos >= 0 && nanos < Double.POSITIVE_INFINITY)) { // also not a number
      throw new InvalidConfigurationException(
          component, "is " + nanos, "Give a number of at least 0");
    }
  }

  /** Returns whether anything is known about the time of batches. */
  public boolean isFitted() {
    return fixedNanos + nanosPerRow > 0;
  }
}
