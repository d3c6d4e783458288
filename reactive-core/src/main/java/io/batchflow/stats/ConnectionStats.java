package io.batchflow.stats;

/**
 * A snapshot of the connections of a {@link io.batchflow.BatchWriter}. All zero if the writer has
 * no pool, or cannot read its state. Immutable. Construct it only in your own writer.
 *
 * @param inUse connections that write
 * @param idle connections that are free
 * @param waiting writes that wait for a connection
 * @param max the maximum number of connections
 */
public record ConnectionStats(int inUse, int idle, int waiting, int max) {

  /** Used if nothing is known. */
  public static final ConnectionStats NONE = new ConnectionStats(0, 0, 0, 0);
}
