package io.batchflow.stats;

/**
 * The account of all admitted submissions. At every moment of rest {@link #pending()} is zero: each
 * one has ended in exactly one way. Read more terms off it, do not construct it: terms may be
 * added.
 *
 * @param admitted submissions that found room
 * @param written durable, as far as the backend promises it; merged rows included
 * @param rejected surely not applied, with the backend's reason
 * @param unknown sent, and no verdict came back
 * @param notSent closed or expired before they were sent
 * @param withdrawn cancelled before their batch was sealed
 */
public record Ledger(
    long admitted, long written, long rejected, long unknown, long notSent, long withdrawn) {

  /** Returns the submissions that have not ended yet. */
  public long pending() {
    return admitted - written - rejected - unknown - notSent - withdrawn;
  }

  /** Returns whether every admitted submission has ended. */
  public boolean isBalanced() {
    return pending() == 0;
  }
}
