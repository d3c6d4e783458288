package io.batchflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of the progress of a load, taken by a {@link ProgressMeter}. Immutable. Only the
 * library should construct it: components may be added.
 *
 * @param written rows that are durable
 * @param rejected rows that are not applied
 * @param invalid rows that could not be sent, by a check of the library or the driver
 * @param unknown rows that were sent and whose result was lost
 * @param notSent rows that were never sent
 * @param total the number of rows in the whole load; null if unknown
 * @param elapsed the time since the load's start, by the flow's clock
 * @param rowsPerSecond the recent rate; in the last snapshot, the rate of the whole load
 * @param remaining the estimated time left at that rate; null if it cannot be estimated
 * @param ended whether the load has ended, successfully or not
 */
public record Progress(
    long written,
    long rejected,
    long invalid,
    long unknown,
    long notSent,
    @Nullable Long total,
    Duration elapsed,
    double rowsPerSecond,
    @Nullable Duration remaining,
    boolean ended) {

  /** Returns how many rows have their outcome. */
  public long done() {
    return written + rejected + invalid + unknown + notSent;
  }
}
