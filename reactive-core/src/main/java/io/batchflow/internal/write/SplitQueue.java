package io.batchflow.internal.write;

import io.batchflow.KeyEquality;
import io.batchflow.internal.lane.Submission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What of a delivery is still to be written, in its order; and the suspects, rows that the backend
 * rejected even alone. Where others were written after them they get another try, together: a row
 * may have needed one that came later in its batch, as a foreign key does. Used by one write after
 * the other.
 */
final class SplitQueue {

  /**
   * The bound on extra writes. Finding every bad row takes two for each row at most; the rest is
   * for chains of rows, each needing the next, which take another look for each link.
   */
  private static final int WRITES_PER_ROW = 4;

  /**
   * @param again whether it may be written once more
   */
  private record Suspect(BatchSlice slice, WriteFailure failure, boolean again) {}

  private final Deque<BatchSlice> slices = new ArrayDeque<>();
  private final List<Suspect> suspects = new ArrayList<>(0);
  private boolean othersWritten;
  private @Nullable Search search;
  private long writesLeft;

  /**
   * Begins with none.
   *
   * @param rows how many rows the delivery has
   */
  SplitQueue(int rows) {
    writesLeft = (long) WRITES_PER_ROW * rows - 1; // it was written whole
  }

  /** Returns whether there is a slice to write; suspects among them, if another try can help. */
  boolean hasNext() {
    if (slices.isEmpty() && othersWritten && 2L * suspects.size() <= writesLeft) {
      List<BatchSlice> again =
          suspects.stream().filter(Suspect::again).map(Suspect::slice).toList();
      if (!again.isEmpty()) {
        slices.add(BatchSlice.together(again));
      }
      suspects.removeIf(Suspect::again);
      othersWritten = false;
    }
    return !slices.isEmpty();
  }

  /**
   * Sorts all rows that have no end by another rule, and begins with them anew: those of a slice
   * that was not sent, and of all others.
   */
  void sortAnew(BatchSlice unsent, KeyEquality equality) {
    slices.addFirst(unsent);
    suspects.forEach(suspect -> slices.add(suspect.slice));
    suspects.clear();
    if (search != null) {
      slices.addAll(search.untold());
      search = null;
    }
    Set<Submission> open = Collections.newSetFromMap(new IdentityHashMap<>());
    slices.forEach(slice -> slice.open().forEach(open::add));
    boolean ambiguous = slices.stream().anyMatch(slice -> slice.ambiguous);
    boolean lasting = slices.stream().anyMatch(slice -> slice.lasting);
    slices.clear();
    if (open.isEmpty()) {
      return;
    }
    BatchSlice anew = BatchSlice.anew(unsent.delivery, equality, open);
    anew.ambiguous = ambiguous;
    anew.lasting = lasting;
    anew.attempts = unsent.attempts;
    anew.startedAt = unsent.startedAt;
    slices.add(anew);
  }

  @Nullable BatchSlice next() {
    BatchSlice next = slices.poll();
    writesLeft -= next == null ? 0 : 1;
    return next;
  }

  /** Has these written next, in their order. */
  void first(List<BatchSlice> these) {
    for (int i = these.size() - 1; i >= 0; i--) {
      slices.addFirst(these.get(i));
    }
  }

  /** Keeps a row that failed alone, to be written once more or to end. */
  void suspect(BatchSlice slice, WriteFailure failure) {
    boolean again = !slice.ambiguous && !slice.isFollowedBySameKey();
    suspects.add(new Suspect(slice, failure, again));
  }

  /** A slice was written. */
  void written() {
    othersWritten |= !suspects.isEmpty();
  }

  /** Begins to write rows alone. */
  void search(Search begun) {
    search = begun;
  }

  /** Returns the search that a slice was written alone for; null if it was not. */
  @Nullable Search searchFor(BatchSlice slice) {
    return search != null && search.isFor(slice) ? search : null;
  }

  void eachSuspect(BiConsumer<BatchSlice, WriteFailure> end) {
    suspects.forEach(suspect -> end.accept(suspect.slice, suspect.failure));
  }
}
