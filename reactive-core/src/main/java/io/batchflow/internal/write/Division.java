package io.batchflow.internal.write;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a part that failed is divided into smaller ones, in the order of its rows. */
final class Division {

  /** Instead of two halves where each failure may take as long as a statement timeout. */
  private static final int MANY = 16;

  private Division() {}

  /**
   * Returns a row of a part that has no end, the first from a place on; -1 if there is none.
   *
   * @param place where to begin, as a fraction of the part
   */
  static int liveRow(Part part, double place) {
    int rows = part.to - part.from;
    int start = part.from + (int) (place * rows);
    for (int i = 0; i < rows; i++) {
      int row = start + i < part.to ? start + i : start + i - rows;
      if (!part.hasEnded(row)) {
        return row;
      }
    }
    return -1;
  }

  /** Returns the rows that travel in one request with a row, as a part of their own. */
  static Part mergedWith(Part part, int row) {
    int first = row;
    while (first > part.from && part.areOneRequest(first - 1, first)) {
      first--;
    }
    int next = row + 1;
    while (next < part.to && part.areOneRequest(next - 1, next)) {
      next++;
    }
    return part.range(first, next);
  }

  /** Returns all rows of a part but those that were taken out, as it failed; null if none is. */
  static @Nullable Part without(Part part, Part taken) {
    Part rest;
    if (taken.from == part.from) {
      rest = part.range(taken.to, part.to);
    } else if (taken.to == part.to) {
      rest = part.range(part.from, taken.from);
    } else {
      rest = around(part, taken.from, taken.to);
    }
    rest.attempts = part.attempts;
    rest.startedAt = part.startedAt;
    return rest.from == rest.to ? null : rest;
  }

  private static Part around(Part part, int from, int to) {
    return Part.together(List.of(part.range(part.from, from), part.range(to, part.to))).after(part);
  }

  /** Returns the parts to write instead of one in which some row is bad. */
  static List<Part> halves(Part part) {
    int rows = part.to - part.from;
    int count = Math.min(part.lasting ? MANY : 2, rows);
    int size = (rows + count - 1) / count;
    List<Part> halves = new ArrayList<>(count);
    for (int i = part.from; i < part.to; i += size) {
      halves.add(part.range(i, Math.min(i + size, part.to)));
    }
    return halves;
  }

  /**
   * Returns the parts to write instead of one that some row has made fail: halves, or all but the
   * row that is named, and then that row. A row with a later row of its key behind it is written in
   * its place.
   *
   * @param badRow the position in the batch of the row that is to blame; -1 where none is named
   */
  static List<Part> split(Part part, int badRow) {
    int first = part.from;
    while (first < part.to && part.requestOf(first) != badRow) {
      first++;
    }
    int next = first;
    while (next < part.to && part.requestOf(next) == badRow) {
      next++;
    }
    boolean named =
        badRow != PartBatch.LEFT_OUT && first < next && next - first < part.to - part.from;
    if (!named) {
      return halves(part);
    }
    Part bad = part.range(first, next);
    if (bad.isFollowedBySameKey()) {
      return Stream.of(part.range(part.from, first), bad, part.range(next, part.to))
          .filter(some -> some.from < some.to)
          .toList();
    }
    return List.of(around(part, first, next), bad);
  }
}
