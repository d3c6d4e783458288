package io.batchflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a load is: a snapshot, as {@link ProgressMeter} takes them. Immutable. Read it, do not
 * construct it: components may be added.
 *
 * @param written rows that are durable
 * @param rejected rows that are surely not applied
 * @param unknown rows that were sent and whose verdict was lost
 * @param notSent rows that were never sent
 * @param total how many rows there are in all; null where that was not said
 * @param elapsed the time since the load's start, by the flow's clock
 * @param rowsPerSecond rows done a second: lately, and in the last snapshot over the whole load
 * @param remaining how long the rest takes at that pace; null where nobody can tell
 * @param ended whether the load has ended, whether or not all rows were done
 */
public record Progress(
    long written,
    long rejected,
    long unknown,
    long notSent,
    @Nullable Long total,
    Duration elapsed,
    double rowsPerSecond,
    @Nullable Duration remaining,
    boolean ended) {

  /** Returns how many rows have their outcome. */
  public long done() {
    return written + rejected + unknown + notSent;
  }
}
