package io.batchflow.watermark;

import io.batchflow.spi.Printable;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The watermark of each partition of a source: the position from which a restart must read again.
 * Everything below it has passed, which means that it is durable, or kept elsewhere.
 *
 * <p>A source has partitions, such as those of a topic of Kafka or the files of a directory. Its
 * records have positions that grow within a partition, with or without gaps. You {@linkplain #open
 * open} the position of each record that you submit, and let it {@linkplain OpenPosition#pass()
 * pass} when its row is durable. Positions may pass in any order. A position that never passes
 * holds the watermark of its partition.
 *
 * <p>Memory depends only on the number of open positions. Any thread may let positions pass and
 * read watermarks. For one partition, only one thread at a time may call the other methods.
 *
 * @param <P> what identifies a partition, with {@code equals} and {@code hashCode}
 */
public final class Watermarks<P> {

  private final ConcurrentMap<P, Assignment<P>> assigned = new ConcurrentHashMap<>();

  private Watermarks() {}

  /** Returns watermarks without any partition. */
  public static <P> Watermarks<P> create() {
    return new Watermarks<>();
  }

  /**
   * Starts to follow a partition. If it is followed already, it starts anew: positions that are
   * open no longer count.
   *
   * @param position where the source reads first: the stored watermark of an earlier run, or the
   *     first position of the partition
   * @throws IllegalArgumentException if the position is negative
   */
  public void assign(P partition, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("The position " + position + " is negative");
    }
    assigned.put(partition, new Assignment<>(partition, position));
  }

  /**
   * Stops to follow a partition. Positions that are still open no longer count, neither now nor
   * after the partition is assigned again.
   *
   * @return the last watermark of the partition; empty if it was not assigned
   */
  public OptionalLong revoke(P partition) {
    return watermarkOf(assigned.remove(partition));
  }

  /**
   * Opens the position of a record. The watermark stays at it until it passes.
   *
   * @param position higher than all positions opened before, and not below the position of {@link
   *     #assign} or {@link #skipTo}
   * @throws IllegalArgumentException if the position is lower
   * @throws IllegalStateException if the partition is not assigned
   */
  public OpenPosition<P> open(P partition, long position) {
    return assignment(partition).open(position);
  }

  /**
   * Declares that no further record is below a position. So the watermark also moves over gaps and
   * over records that need no row. Has no effect if a position above it was opened.
   *
   * @throws IllegalStateException if the partition is not assigned
   */
  public void skipTo(P partition, long position) {
    assignment(partition).skipTo(position);
  }

  /**
   * Returns the watermark of a partition: every position below it has passed or holds no record. It
   * never goes back during an assignment. Empty if the partition is not assigned.
   */
  public OptionalLong watermark(P partition) {
    return watermarkOf(assigned.get(partition));
  }

  /** Returns the watermarks of all assigned partitions. The map is a copy. */
  public Map<P, Long> watermarks() {
    Map<P, Long> watermarks = new HashMap<>();
    assigned.forEach((partition, held) -> watermarks.put(partition, held.watermark()));
    return watermarks;
  }

  /**
   * Returns the number of open positions of a partition; 0 if it is not assigned. At 0, everything
   * that was opened has passed.
   */
  public int pending(P partition) {
    Assignment<P> held = assigned.get(partition);
    return held == null ? 0 : held.pending();
  }

  private Assignment<P> assignment(P partition) {
    Assignment<P> held = assigned.get(partition);
    if (held == null) {
      throw new IllegalStateException(
          Printable.line("The partition '" + partition + "' is not assigned. Call assign first"));
    }
    return held;
  }

  private static OptionalLong watermarkOf(@Nullable Assignment<?> held) {
    return held == null ? OptionalLong.empty() : OptionalLong.of(held.watermark());
  }
}
