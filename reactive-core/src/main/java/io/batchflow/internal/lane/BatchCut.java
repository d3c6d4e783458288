package io.batchflow.internal.lane;

import io.batchflow.SealReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the next batch off the windows of one lane. While nothing of the lane is in flight, the rows
 * of all its windows leave in one batch, as far as whole windows fit. Otherwise a quiet table would
 * get a small batch for each window.
 */
final class BatchCut {

  private final List<Window> windows = new ArrayList<>(2);
  private final List<Submission> rows;

  private BatchCut(Window window, Consumer<Submission> withdrawn) {
    this.rows = window.cut(withdrawn);
    windows.add(window);
  }

  /** Returns the windows whose rows may leave together with those of one of them. */
  static List<Window> windows(Window first, long now) {
    Lane lane = first.lane;
    if (!lane.shares() || !lane.pace.letsRowsLeave(now)) {
      return List.of(first);
    }
    List<Window> together = new ArrayList<>(lane.windows().length);
    together.add(first);
    for (Window other : lane.windows()) {
      if (other != first && !other.isEmpty()) {
        together.add(other);
      }
    }
    return together;
  }

  /**
   * Returns the next batch.
   *
   * @param together the windows to cut it off; all but the first only if they fit as a whole
   * @param withdrawn receives the rows that were cancelled meanwhile
   * @return null if no row is left
   */
  static @Nullable InFlightBatch of(
      List<Window> together, SealReason reason, long now, Consumer<Submission> withdrawn) {
    BatchCut cut = new BatchCut(together.get(0), withdrawn);
    for (Window window : together.subList(1, together.size())) {
      cut.join(window, withdrawn);
    }
    if (cut.windows.size() > 1) {
      cut.rows.sort((one, other) -> one.arrival - other.arrival); // which may overflow
    }
    return cut.rows.isEmpty() ? null : new InFlightBatch(cut.windows, cut.rows, reason, now);
  }

  private void join(Window window, Consumer<Submission> withdrawn) {
    boolean fits =
        rows.size() + window.size() <= window.lane.policy.maxSize()
            && bytes() + window.bytes() <= window.lane.policy.maxBytes();
    if (fits) {
      rows.addAll(window.cut(withdrawn));
      windows.add(window);
    }
  }

  /** Added up only where a second window may join: a batch of one window need not know. */
  private long bytes() {
    return rows.stream().mapToLong(row -> row.bytes).sum();
  }
}
