package io.batchflow.examples;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The lines that were not stored, and why: all counted, the first in the file kept. */
final class Refusals {

  /** How many are shown. */
  static final int SHOWN = 20;

  /** A line and the reason that it was refused for. */
  record Refusal(long line, String reason) {}

  private final PriorityQueue<Refusal> first =
      new PriorityQueue<>(Comparator.comparingLong(Refusal::line).reversed());
  private long count;

  synchronized void add(long line, String reason) {
    count++;
    first.add(new Refusal(line, reason));
    if (first.size() > SHOWN) {
      first.poll();
    }
  }

  synchronized long count() {
    return count;
  }

  synchronized List<Refusal> first() {
    return first.stream().sorted(Comparator.comparingLong(Refusal::line)).toList();
  }
}
