package io.batchflow.tuning;

/**
 * The batches that were sent before a change of the size or the slots, and those that may have
 * waited in the server for such batches. Not thread-safe.
 */
final class Transition {

  private int earlier;
  private int mixed;
  private boolean backOff;
  private double timesAsLong;
  private int seen;

  /** A change was made while so many batches may be in flight. */
  void begin(int batches, boolean asBackOff) {
    earlier = batches;
    mixed = batches;
    backOff = asBackOff;
    timesAsLong = 0;
    seen = 0;
  }

  /** So many batches may take longer or shorter because of others of another size. */
  void mix(int batches) {
    mixed = batches;
  }

  /** Whether batches from before the change have not ended. */
  boolean isOn() {
    return earlier > 0;
  }

  /** Whether it is on, and the change was a back-off. */
  boolean isBackOff() {
    return isOn() && backOff;
  }

  /** Notes how many times as long as expected an earlier batch took. */
  void took(double times) {
    timesAsLong += times;
    seen++;
  }

  /** A batch has ended. Returns whether it was the last earlier one. */
  boolean ended() {
    if (earlier == 0) {
      return false;
    }
    earlier--;
    return earlier == 0;
  }

  /** Returns how many times as long as expected batches took before a back-off; else 1. */
  double timesAsLong() {
    return backOff && seen > 0 ? timesAsLong / seen : 1;
  }

  /** Whether the next batch that ends may have waited for one of another size. */
  boolean takeMixed() {
    if (mixed == 0) {
      return false;
    }
    mixed--;
    return true;
  }
}
