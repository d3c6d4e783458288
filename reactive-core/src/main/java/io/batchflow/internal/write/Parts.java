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

  /**
   * @param again whether it may be written once more
   */
  private record Suspect(Part part, WriteFailure failure, boolean again) {}

  private final Deque<Part> parts = new ArrayDeque<>();
  private final List<Suspect> suspects = new ArrayList<>(0);
  private boolean othersWritten;
  private @Nullable Search search;
  private long writesLeft;

  /**
   * Begins with none.
   *
   * @param rows how many rows the delivery has
   */
  Parts(int rows) {
    writesLeft = (long) WRITES_PER_ROW * rows - 1; // it was written whole
  }

  /** Returns whether there is a part to write; suspects among them, if another try can help. */
  boolean hasNext() {
    if (parts.isEmpty() && othersWritten && 2L * suspects.size() <= writesLeft) {
      List<Part> again = suspects.stream().filter(Suspect::again).map(Suspect::part).toList();
      if (!again.isEmpty()) {
        parts.add(Part.together(again));
      }
      suspects.removeIf(Suspect::again);
      othersWritten = false;
    }
    return !parts.isEmpty();
  }

  /**
   * Sorts all rows that have no end by another rule, and begins with them anew: those of a part
   * that was not sent, and of all others.
   */
  void sortAnew(Part unsent, KeyEquality equality) {
    parts.addFirst(unsent);
    suspects.forEach(suspect -> parts.add(suspect.part));
    suspects.clear();
    if (search != null) {
      parts.addAll(search.untold());
      search = null;
    }
    Set<Submission> open = Collections.newSetFromMap(new IdentityHashMap<>());
    parts.forEach(part -> part.open().forEach(open::add));
    boolean ambiguous = parts.stream().anyMatch(part -> part.ambiguous);
    boolean lasting = parts.stream().anyMatch(part -> part.lasting);
    parts.clear();
    if (open.isEmpty()) {
      return;
    }
    Part anew = Part.anew(unsent.delivery, equality, open);
    anew.ambiguous = ambiguous;
    anew.lasting = lasting;
    anew.attempts = unsent.attempts;
    anew.startedAt = unsent.startedAt;
    parts.add(anew);
  }

  @Nullable Part next() {
    Part next = parts.poll();
    writesLeft -= next == null ? 0 : 1;
    return next;
  }

  /** Has these written next, in their order. */
  void first(List<Part> these) {
    for (int i = these.size() - 1; i >= 0; i--) {
      parts.addFirst(these.get(i));
    }
  }

  /** Keeps a row that failed alone, to be written once more or to end. */
  void suspect(Part part, WriteFailure failure) {
    boolean again = !part.ambiguous && !part.isFollowedBySameKey();
    suspects.add(new Suspect(part, failure, again));
  }

  /** A part was written. */
  void written() {
    othersWritten |= !suspects.isEmpty();
  }

  /** Begins to write rows alone. */
  void search(Search begun) {
    search = begun;
  }

  /** Returns the search that a part was written alone for; null if it was not. */
  @Nullable Search searchFor(Part part) {
    return search != null && search.isFor(part) ? search : null;
  }

  void eachSuspect(BiConsumer<Part, WriteFailure> end) {
    suspects.forEach(suspect -> end.accept(suspect.part, suspect.failure));
  }
}
