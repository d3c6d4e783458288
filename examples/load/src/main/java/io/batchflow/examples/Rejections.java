package io.batchflow.examples;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The rows that were not stored: the first few by position, and the total number. */
final class Rejections {

  /** A row that was not stored, and why. */
  record Rejection(long position, String reason) {}

  static final int KEPT = 20;

  private static final Comparator<Rejection> BY_POSITION =
      Comparator.comparingLong(Rejection::position);

  private final PriorityQueue<Rejection> first = new PriorityQueue<>(BY_POSITION.reversed());
  private long count;

  /** Thread-safe, as both the reader and the flow reject rows. */
  synchronized void add(long position, String reason) {
    count++;
    first.add(new Rejection(position, reason));
    if (first.size() > KEPT) {
      first.remove();
    }
  }

  synchronized long count() {
    return count;
  }

  synchronized List<Rejection> first() {
    return first.stream().sorted(BY_POSITION).toList();
  }
}
