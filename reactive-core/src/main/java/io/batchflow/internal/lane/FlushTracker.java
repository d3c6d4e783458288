package io.batchflow.internal.lane;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Completes a flush when all rows before it have their outcome. Rows join the current epoch as they
 * arrive. A flush closes the epoch and opens the next; it completes when its epoch and all earlier
 * ones are empty. Only the drain uses it.
 */
public final class FlushTracker {

  private final Deque<FlushEpoch> closed = new ArrayDeque<>();
  private final TableFlushes tables = new TableFlushes();
  private FlushEpoch current = new FlushEpoch();

  public void join(Submission submission) {
    submission.epoch = current;
    current.pending++;
  }

  public void leave(Submission submission) {
    if (!tables.isEmpty()) {
      tables.leave(submission);
    }
    FlushEpoch epoch = submission.epoch;
    if (epoch != null) {
      epoch.pending--;
      submission.epoch = null;
    }
  }

  public void leave(Submission[] submissions) {
    if (closed.isEmpty() && tables.isEmpty()) {
      current.pending -= submissions.length;
    } else {
      for (Submission submission : submissions) {
        leave(submission);
      }
    }
  }

  public void flush(Runnable answer) {
    if (current.pending == 0 && !closed.isEmpty()) {
      closed.getLast().flushes.add(answer);
      return;
    }
    current.flushes.add(answer);
    current.closed = true;
    closed.add(current);
    current = new FlushEpoch();
  }

  /** Calls back when the outcomes of these rows of a table are reported. */
  public void flush(String table, Iterable<Submission> present, Runnable answer) {
    tables.add(table, present, answer);
  }

  /** Whether a flush waits for a row, so that it must not wait for others. */
  public boolean isFlushed(Submission submission) {
    FlushEpoch epoch = submission.epoch;
    return (epoch != null && epoch.closed) || (!tables.isEmpty() && tables.contains(submission));
  }

  /** Returns the next flush that is complete, or null. */
  public @Nullable Runnable nextAnswer() {
    while (!closed.isEmpty() && closed.getFirst().pending == 0) {
      List<Runnable> flushes = closed.getFirst().flushes;
      if (!flushes.isEmpty()) {
        return flushes.remove(flushes.size() - 1);
      }
      closed.removeFirst();
    }
    return tables.nextAnswer();
  }
}
