package io.batchflow.r2dbc.retention;

import java.time.Duration;

/**
 * How many rows the next transaction of a run deletes, and how long the run pauses before it. A
 * transaction shall take a given time. A slower server gets smaller ones, and longer pauses. For
 * one run; not thread-safe.
 */
final class Pace {

  private static final int LEAST = 50;
  private static final int FIRST = 500;

  private final int most;
  private final Duration target;
  private final double load;
  private int rows;

  /**
   * @param most the most rows
   * @param target how long a transaction shall take
   * @param load which part of the time the run works, from 0 to 1
   */
  Pace(int most, Duration target, double load) {
    this.most = most;
    this.target = target;
    this.load = load;
    this.rows = Math.min(most, FIRST);
  }

  int rows() {
    return rows;
  }

  /**
   * Learns from a transaction.
   *
   * @param full whether it deleted as many rows as it could
   * @return how long to pause
   */
  Duration after(Duration took, boolean full) {
    if (took.compareTo(target) > 0) {
      double slower = (double) target.toNanos() / took.toNanos();
      rows = Math.max(Math.min(LEAST, most), (int) (rows * Math.max(0.5, slower)));
    } else if (full && took.multipliedBy(2).compareTo(target) < 0) {
      rows = Math.min(most, rows * 2);
    }
    return Duration.ofNanos((long) (took.toNanos() * (1 - load) / load));
  }
}
