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
 * The slices of a batch that are still to be written, in order, and the suspects: rows that the
 * backend rejected alone. If other rows were written after them, the suspects are written once more
 * together, since a row may need a later row of its batch, as with a foreign key. Used by one write
 * at a time.
 */
final class SplitQueue {

  /**
   * The limit of extra writes. Finding every bad row takes at most two for each row. The rest is
   * for chains of rows that each need the next row.
   */
  private static final int WRITES_PER_ROW = 4;

  /**
   * @param again whether the slice may be written once more
   */
  private record Suspect(BatchSlice slice, WriteFailure failure, boolean again) {}

  private final Deque<BatchSlice> slices = new ArrayDeque<>();
  private final List<Suspect> suspects = new ArrayList<>(0);
  private boolean othersWritten;
  private @Nullable Search search;
  private long writesLeft;

  /**
   * Creates an empty queue.
   *
   * @param rows the number of rows in the batch
   */
  SplitQueue(int rows) {
    writesLeft = (long) WRITES_PER_ROW * rows - 1; // for the write of the whole batch
  }

  /** Returns whether there is a slice to write. Adds the suspects if another attempt can help. */
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
   * Sorts all rows that may still be written by another rule into one slice: those of the unsent
   * slice and of all others.
   */
  void sortAnew(BatchSlice unsent, KeyEquality equality) {
    slices.addFirst(unsent);
    suspects.stream().filter(Suspect::again).map(Suspect::slice).forEach(slices::add);
    suspects.removeIf(Suspect::again); // the others are not written again by any rule
    if (search != null) {
      BatchSlice untold = search.rest();
      if (untold != null) {
        slices.add(untold);
      }
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
    BatchSlice anew = BatchSlice.anew(unsent.inFlight, equality, open);
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

  /** Adds slices at the head, in their order. */
  void first(List<BatchSlice> these) {
    for (int i = these.size() - 1; i >= 0; i--) {
      slices.addFirst(these.get(i));
    }
  }

  /** Adds a row that failed alone. It is written once more or ends. */
  void suspect(BatchSlice slice, WriteFailure failure) {
    boolean again = !slice.ambiguous && !slice.isFollowedBySameKey();
    suspects.add(new Suspect(slice, failure, again));
  }

  /** A slice was written. */
  void written() {
    othersWritten |= !suspects.isEmpty();
  }

  /** Starts a search. */
  void search(Search begun) {
    search = begun;
  }

  /** Returns the search to which a slice belongs; null if none. */
  @Nullable Search searchFor(BatchSlice slice) {
    return search != null && search.isFor(slice) ? search : null;
  }

  void eachSuspect(BiConsumer<BatchSlice, WriteFailure> end) {
    suspects.forEach(suspect -> end.accept(suspect.slice, suspect.failure));
  }
}
