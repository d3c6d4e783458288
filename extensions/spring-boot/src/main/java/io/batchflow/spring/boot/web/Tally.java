package io.batchflow.spring.boot.web;

import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the lines of one body. Used by the thread of the body and by that of the outcomes. */
final class Tally {

  private final int maxProblems;
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Queue<LineProblem> problems = new ConcurrentLinkedQueue<>();

  Tally(int maxProblems) {
    this.maxProblems = maxProblems;
  }

  void stored() {
    stored.incrementAndGet();
  }

  void failed(LineProblem problem) {
    if (failed.incrementAndGet() <= maxProblems) {
      problems.add(problem);
    }
  }

  IngestReport report() {
    long failures = failed.get();
    return new IngestReport(
        stored.get() + failures,
        stored.get(),
        problems.stream().sorted(Comparator.comparingLong(LineProblem::line)).toList(),
        Math.max(0, failures - maxProblems));
  }
}
