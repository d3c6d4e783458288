package io.batchflow.internal.write;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a slice that failed is divided into smaller ones, in the order of its rows. */
final class Division {

  /** Instead of two halves where each failure may take as long as a statement timeout. */
  private static final int MANY = 16;

  private Division() {}

  /**
   * Returns a row of a slice that has no end, the first from a place on; -1 if there is none.
   *
   * @param place where to begin, as a fraction of the slice
   */
  static int liveRow(BatchSlice slice, double place) {
    int rows = slice.to - slice.from;
    int start = slice.from + (int) (place * rows);
    for (int i = 0; i < rows; i++) {
      int row = start + i < slice.to ? start + i : start + i - rows;
      if (!slice.hasEnded(row)) {
        return row;
      }
    }
    return -1;
  }

  /** Returns the rows that are merged with a row, and the row, as a slice of their own. */
  static BatchSlice mergedWith(BatchSlice slice, int row) {
    int first = row;
    while (first > slice.from && slice.areOneRequest(first - 1, first)) {
      first--;
    }
    int next = row + 1;
    while (next < slice.to && slice.areOneRequest(next - 1, next)) {
      next++;
    }
    return slice.range(first, next);
  }

  /** Returns all rows of a slice but those that were taken out, as it failed; null if none is. */
  static @Nullable BatchSlice without(BatchSlice slice, BatchSlice taken) {
    BatchSlice rest;
    if (taken.from == slice.from) {
      rest = slice.range(taken.to, slice.to);
    } else if (taken.to == slice.to) {
      rest = slice.range(slice.from, taken.from);
    } else {
      rest = around(slice, taken.from, taken.to);
    }
    rest.attempts = slice.attempts;
    rest.startedAt = slice.startedAt;
    return rest.from == rest.to ? null : rest;
  }

  private static BatchSlice around(BatchSlice slice, int from, int to) {
    return BatchSlice.together(List.of(slice.range(slice.from, from), slice.range(to, slice.to)))
        .after(slice);
  }

  /** Returns the slices to write instead of one in which some row is bad. */
  static List<BatchSlice> halves(BatchSlice slice) {
    int rows = slice.to - slice.from;
    int count = Math.min(slice.lasting ? MANY : 2, rows);
    int size = (rows + count - 1) / count;
    List<BatchSlice> halves = new ArrayList<>(count);
    for (int i = slice.from; i < slice.to; i += size) {
      halves.add(slice.range(i, Math.min(i + size, slice.to)));
    }
    return halves;
  }

  /**
   * Returns the slices to write instead of one that some row has made fail: halves, or all but the
   * row that is named, and then that row. A row with a later row of its key behind it is written in
   * its place.
   *
   * @param badRow the position in the batch of the row that is to blame; -1 where none is named
   */
  static List<BatchSlice> split(BatchSlice slice, int badRow) {
    int first = slice.from;
    while (first < slice.to && slice.indexInBatch(first) != badRow) {
      first++;
    }
    int next = first;
    while (next < slice.to && slice.indexInBatch(next) == badRow) {
      next++;
    }
    boolean named =
        badRow != SliceBatch.LEFT_OUT && first < next && next - first < slice.to - slice.from;
    if (!named) {
      return halves(slice);
    }
    BatchSlice bad = slice.range(first, next);
    if (bad.isFollowedBySameKey()) {
      return Stream.of(slice.range(slice.from, first), bad, slice.range(next, slice.to))
          .filter(some -> some.from < some.to)
          .toList();
    }
    return List.of(around(slice, first, next), bad);
  }
}
