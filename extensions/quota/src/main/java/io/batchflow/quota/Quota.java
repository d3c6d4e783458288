package io.batchflow.quota;

import io.batchflow.InvalidConfigurationException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many rows, bytes, or both somebody may submit in a second. What is not used can be saved for
 * a burst. Bytes are those of {@link io.batchflow.Row#estimatedBytes()}. Immutable and thread-safe.
 */
public final class Quota {

  private static final long MOST = 1_000_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  private final long rows;
  private final long bytes;
  private final Duration burst;

  private Quota(long rows, long bytes, Duration burst) {
    this.rows = rows;
    this.bytes = bytes;
    this.burst = burst;
  }

  /**
   * Limits the rows.
   *
   * @throws InvalidConfigurationException unless from 1 to 1,000,000,000
   */
  public static Quota rows(long perSecond) {
    return new Quota(checked("rows", perSecond), 0, Duration.ofSeconds(1));
  }

  /**
   * Limits the bytes.
   *
   * @throws InvalidConfigurationException unless from 1 to 1,000,000,000
   */
  public static Quota bytes(long perSecond) {
    return new Quota(0, checked("bytes", perSecond), Duration.ofSeconds(1));
  }

  /**
   * Limits both.
   *
   * @throws InvalidConfigurationException unless both are from 1 to 1,000,000,000
   */
  public static Quota of(long rowsPerSecond, long bytesPerSecond) {
    return new Quota(
        checked("rows", rowsPerSecond), checked("bytes", bytesPerSecond), Duration.ofSeconds(1));
  }

  /**
   * Returns this quota with another burst: what may be submitted at once is what the quota gives in
   * this time, at least one row. Defaults to 1 second.
   *
   * @throws InvalidConfigurationException unless from 1 millisecond to 1 day
   */
  public Quota withBurst(Duration burst) {
    if (burst.compareTo(SHORTEST) < 0 || burst.compareTo(LONGEST) > 0) {
      throw new InvalidConfigurationException(
          "burst", "is " + burst, "Give a time from " + SHORTEST + " to " + LONGEST);
    }
    return new Quota(rows, bytes, burst);
  }

  private static long checked(String option, long perSecond) {
    if (perSecond < 1 || perSecond > MOST) {
      throw new InvalidConfigurationException(
          option, "is " + perSecond, "Give a number for each second, from 1 to " + MOST);
    }
    return perSecond;
  }

  /** Returns the rows for each second; 0 if they are not limited. */
  public long rowsPerSecond() {
    return rows;
  }

  /** Returns the bytes for each second; 0 if they are not limited. */
  public long bytesPerSecond() {
    return bytes;
  }

  /** Returns the time for which an unused quota is saved. */
  public Duration burst() {
    return burst;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Quota that
        && rows == that.rows
        && bytes == that.bytes
        && burst.equals(that.burst);
  }

  @Override
  public int hashCode() {
    return Objects.hash(rows, bytes, burst);
  }

  @Override
  public String toString() {
    return "Quota[rows=" + rows + ", bytes=" + bytes + ", burst=" + burst + "]";
  }
}
