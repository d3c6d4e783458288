package io.batchflow.internal.config;

import io.batchflow.BatchPolicy;

/**
 * A table's part of the flow.
 *
 * @param share the part of the slots and rows that it has at most
 * @param reserved the slots that are kept free for it
 */
public record TableShare(String table, double share, int reserved) {

  /** So that 0.29 of 100 is 29. */
  private static final double ROUNDING = 1e-9;

  public static TableShare of(String table, BatchPolicy policy) {
    return new TableShare(table, policy.share(), policy.reserved());
  }

  /** Returns whether it limits or reserves anything. */
  public boolean isSet() {
    return share < 1 || reserved > 0;
  }

  /** Returns the most slots that a policy allows, at least 1. */
  public static int slots(BatchPolicy policy, int concurrency) {
    return Math.min(policy.concurrency(), slots(policy.share(), concurrency));
  }

  private static int slots(double share, int concurrency) {
    return Math.max(1, part(share, concurrency));
  }

  static int part(double share, int whole) {
    return (int) (share * whole + ROUNDING);
  }

  /** Returns the most slots of all its schemas. */
  public int slots(int concurrency) {
    return slots(share, concurrency);
  }

  /** Returns the most rows of all its schemas. */
  public int rows(int maxPending) {
    return share < 1 ? part(share, maxPending) : Integer.MAX_VALUE;
  }
}
