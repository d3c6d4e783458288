package io.batchflow.internal.write;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Divides a failed slice into smaller slices, in the order of its rows. */
final class Division {

  /** The number of parts if each failure may take as long as a statement timeout. */
  private static final int MANY = 16;

  private Division() {}

  /**
   * Returns a row without an outcome that no earlier row without an outcome may share its key with;
   * -1 if all rows have ended.
   *
   * @param place where to look for it first, as a fraction of the slice
   */
  static int liveRow(BatchSlice slice, double place) {
    int rows = slice.to - slice.from;
    int start = slice.from + (int) (place * rows);
    for (int i = 0; i < rows; i++) {
      int row = start + i < slice.to ? start + i : start + i - rows;
      if (!slice.hasEnded(row)) {
        return firstOfKey(slice, row);
      }
    }
    return -1;
  }

  private static int firstOfKey(BatchSlice slice, int row) {
    int first = row;
    for (int i = row; i > slice.from && slice.mayMeet(i - 1, i); i--) {
      if (!slice.hasEnded(i - 1)) {
        first = i - 1;
      }
    }
    return first;
  }

  /** Returns whether all rows may have the same key, so that their order matters. */
  static boolean mayBeOneKey(BatchSlice slice) {
    return IntStream.range(slice.from + 1, slice.to).allMatch(row -> slice.mayMeet(row - 1, row));
  }

  /** Returns a failed slice without the taken rows; null if no row is left. */
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

  /** Returns the slices that replace a slice with a bad row. */
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
   * Returns the slices that replace a slice with a bad row: halves, or, if the row is known, all
   * other rows and then that row. A row that is followed by a row of the same key keeps its place.
   *
   * @param badRow the position in the batch of the bad row; -1 if not known
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
