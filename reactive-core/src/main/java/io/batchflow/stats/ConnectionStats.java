package io.batchflow.stats;

/**
 * What the connections of a {@link io.batchflow.BatchWriter} are doing: a snapshot. All zero where
 * the writer has no pool that it can look into. Read it, do not construct it unless you write a
 * writer.
 *
 * @param inUse connections that write
 * @param idle connections that could
 * @param waiting writes that wait for one
 * @param max the most that there may be
 */
public record ConnectionStats(int inUse, int idle, int waiting, int max) {

  /** Nothing is known. */
  public static final ConnectionStats NONE = new ConnectionStats(0, 0, 0, 0);
}
