package io.batchflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a delivery that the backend refused even alone. Where others were written after them they
 * get another try, together: a row may have needed one that came later in its batch, as a foreign
 * key does. Used by one write after the other.
 */
final class Suspects {

  /** A chain of rows, each needing the next, takes a look for each link at worst. */
  private static final int MAX_LOOKS = 16;

  private record Suspect(Part part, WriteFailure failure) {}

  private final List<Suspect> suspects = new ArrayList<>(0);
  private boolean othersWritten;
  private int looks;

  /** Keeps a part of one row that failed; returns false if the row must end at once. */
  boolean add(Part part, WriteFailure failure) {
    if (part.ambiguous || part.isFollowedBySameKey()) {
      return false;
    }
    suspects.add(new Suspect(part, failure));
    return true;
  }

  /** Others were written. */
  void others() {
    othersWritten |= !suspects.isEmpty();
  }

  /** Takes all of them out, as one part; returns null if no other try can help. */
  @Nullable Part takeForAnotherLook() {
    if (!othersWritten || looks++ == MAX_LOOKS) {
      return null;
    }
    Part part = Part.together(suspects.stream().map(Suspect::part).toList());
    suspects.clear();
    othersWritten = false;
    return part;
  }

  void each(BiConsumer<Part, WriteFailure> end) {
    suspects.forEach(suspect -> end.accept(suspect.part, suspect.failure));
  }
}
