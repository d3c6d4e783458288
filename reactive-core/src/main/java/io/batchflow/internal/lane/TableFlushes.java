package io.batchflow.internal.lane;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flushes of single tables. Each waits for the rows that were present when it came, and for the
 * flushes of its table before it. Only the drain uses it.
 */
final class TableFlushes {

  /** A flush and the number of rows that only it waits for. */
  private static final class Flush {

    private final Runnable answer;
    private int pending;

    private Flush(Runnable answer) {
      this.answer = answer;
    }
  }

  private final IdentityHashMap<Submission, Flush> rows = new IdentityHashMap<>();
  private final Map<String, Deque<Flush>> flushes = new HashMap<>();
  private final Deque<Runnable> answers = new ArrayDeque<>();

  /** Whether no flush waits for a row. */
  boolean isEmpty() {
    return rows.isEmpty();
  }

  boolean contains(Submission row) {
    return rows.containsKey(row);
  }

  void add(String table, Iterable<Submission> present, Runnable answer) {
    Flush flush = new Flush(answer);
    for (Submission row : present) {
      if (rows.putIfAbsent(row, flush) == null) {
        flush.pending++;
      }
    }
    flushes.computeIfAbsent(table, name -> new ArrayDeque<>(1)).add(flush);
    answer(table);
  }

  /** The outcome of a row was reported, or the row gets none. */
  void leave(Submission row) {
    Flush flush = rows.remove(row);
    if (flush != null && --flush.pending == 0) {
      answer(row.row.schema().table());
    }
  }

  private void answer(String table) {
    Deque<Flush> ofTable = flushes.get(table);
    if (ofTable == null) {
      return;
    }
    Flush first;
    while ((first = ofTable.peek()) != null && first.pending == 0) {
      answers.add(ofTable.remove().answer);
    }
    if (ofTable.isEmpty()) {
      flushes.remove(table);
    }
  }

  /** Returns the next flush that is complete, or null. */
  @Nullable Runnable nextAnswer() {
    return answers.poll();
  }
}
