package io.batchflow.examples;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The rows that were not stored: the first few by position, and the number of all. */
final class Refusals {

  /** A row that was not stored, and why. */
  record Refusal(long position, String reason) {}

  static final int KEPT = 20;

  private static final Comparator<Refusal> BY_POSITION =
      Comparator.comparingLong(Refusal::position);

  private final PriorityQueue<Refusal> first = new PriorityQueue<>(BY_POSITION.reversed());
  private long count;

  /** Safe for any thread: the reader and the flow both refuse rows. */
  synchronized void add(long position, String reason) {
    count++;
    first.add(new Refusal(position, reason));
    if (first.size() > KEPT) {
      first.remove();
    }
  }

  synchronized long count() {
    return count;
  }

  synchronized List<Refusal> first() {
    return first.stream().sorted(BY_POSITION).toList();
  }
}
