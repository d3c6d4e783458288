package io.batchflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What of a delivery is still to be written, in its order; and the suspects, rows that the backend
 * refused even alone. Where others were written after them they get another try, together: a row
 * may have needed one that came later in its batch, as a foreign key does. Used by one write after
 * the other.
 */
final class Parts {

  /**
   * The bound on extra writes. Finding every bad row takes two for each row at most; the rest is
   * for chains of rows, each needing the next, which take another look for each link.
   */
  private static final int WRITES_PER_ROW = 4;

  private record Suspect(Part part, WriteFailure failure) {}

  private final Deque<Part> parts = new ArrayDeque<>();
  private final List<Suspect> suspects = new ArrayList<>(0);
  private boolean othersWritten;
  private long writesLeft;

  /** Begins with all rows. */
  void begin(Part whole) {
    writesLeft = (long) WRITES_PER_ROW * whole.delivery.size();
    parts.add(whole);
  }

  /** Returns whether there is a part to write; suspects among them, if another try can help. */
  boolean hasNext() {
    if (parts.isEmpty() && othersWritten && 2L * suspects.size() <= writesLeft) {
      parts.add(Part.together(suspects.stream().map(Suspect::part).toList()));
      suspects.clear();
      othersWritten = false;
    }
    return !parts.isEmpty();
  }

  @Nullable Part next() {
    writesLeft--;
    return parts.poll();
  }

  /** Has these written next, in their order. */
  void first(List<Part> these) {
    for (int i = these.size() - 1; i >= 0; i--) {
      parts.addFirst(these.get(i));
    }
  }

  /** Keeps a part of one row that failed; returns false if the row must end at once. */
  boolean suspect(Part part, WriteFailure failure) {
    if (part.ambiguous || part.isFollowedBySameKey()) {
      return false;
    }
    suspects.add(new Suspect(part, failure));
    return true;
  }

  /** A part was written. */
  void written() {
    othersWritten |= !suspects.isEmpty();
  }

  void eachSuspect(BiConsumer<Part, WriteFailure> end) {
    suspects.forEach(suspect -> end.accept(suspect.part, suspect.failure));
  }
}
