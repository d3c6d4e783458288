package io.batchflow.stats;

/**
 * The counts of all admitted submissions by their outcome. Each submission ends in exactly one way,
 * so {@link #pending()} is zero when the flow is idle. Immutable. Only the library should construct
 * it: components may be added.
 *
 * @param admitted submissions that found room
 * @param written durable rows, merged ones included
 * @param rejected rows that are not applied: the backend rejected them or their batch
 * @param invalid rows that could not be sent, by a check after the admission; rows that fail a
 *     check before it are {@linkplain FlowStats#turnedAway() turned away}
 * @param unknown rows that were sent and whose result was lost
 * @param notSent rows that were not sent: the flow was closed, or the row expired
 * @param withdrawn submissions that were cancelled before their batch was sealed
 */
public record Ledger(
    long admitted,
    long written,
    long rejected,
    long invalid,
    long unknown,
    long notSent,
    long withdrawn) {

  /** Returns the number of submissions without an outcome. */
  public long pending() {
    return admitted - written - rejected - invalid - unknown - notSent - withdrawn;
  }

  /** Returns whether every admitted submission has its outcome. */
  public boolean isBalanced() {
    return pending() == 0;
  }
}
