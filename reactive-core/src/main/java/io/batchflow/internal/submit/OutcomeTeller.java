package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.internal.lane.FlushTracker;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.Safely;
import io.batchflow.internal.write.Listeners;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Reports outcomes to callers, on the flow's scheduler, after the drain's pass. Flush and close
 * wait for these reports. Owned by the drain.
 */
public final class OutcomeTeller {

  private final Submitter submitter;
  private final Listeners listeners;
  private final FlushTracker flushes = new FlushTracker();

  /** Tasks for the flow's scheduler after this pass. */
  private final List<Runnable> notices = new ArrayList<>();

  /** Rows that have ended, and whose outcomes are being reported. */
  private final Set<Submission[]> untold = Collections.newSetFromMap(new IdentityHashMap<>());

  public OutcomeTeller(Submitter submitter, Listeners listeners) {
    this.submitter = submitter;
    this.listeners = listeners;
  }

  /** Registers a row that has arrived. A later flush waits for it. */
  public void expect(Submission row) {
    flushes.join(row);
  }

  /** Removes a row that gets no outcome. */
  void forget(Submission row) {
    flushes.leave(row);
  }

  /** Calls back when the outcomes of all rows that have arrived so far are reported. */
  public void flush(Runnable answer) {
    flushes.flush(answer);
  }

  /**
   * Calls back when the outcomes of these rows of a table, and of those that have ended, are
   * reported. Adds the latter to the rows.
   */
  public void flush(String table, List<Submission> rows, Runnable answer) {
    for (Submission[] ended : untold) {
      for (Submission row : ended) {
        if (row.row.schema().table().equals(table)) {
          rows.add(row);
        }
      }
    }
    flushes.flush(table, rows, answer);
  }

  /** Whether a flush waits for a row, so that it must not wait for others. */
  public boolean isFlushed(Submission row) {
    return flushes.isFlushed(row);
  }

  /** Reports the outcomes of a batch whose rows have all ended. */
  void tell(InFlightBatch batch) {
    tellLater(() -> tellNow(batch), batch.rows());
  }

  /** Reports the outcome of an admitted row that was not sent. */
  void tell(Submission row) {
    tellLater(() -> tellNow(row, 0), row);
  }

  /** Reports the outcome of a row that waited for room and found none. */
  void tellTurnedAway(Submission submission, BatchFlowException reason) {
    submitter.turnedAway.increment();
    tellLater(
        () -> {
          submitter.tellTurnedAway(submission.row, reason, submission.caller()::currentContext);
          tellNow(submission, 0);
        },
        submission);
  }

  /** Adds a task for the flow's scheduler after this pass. */
  public void later(Runnable notice) {
    notices.add(notice);
  }

  /** Whether all outcomes so far are reported. */
  public boolean allTold() {
    return untold.isEmpty();
  }

  /** Schedules the tasks. Called at the end of a pass. */
  public void publish() {
    Runnable answer;
    while ((answer = flushes.nextAnswer()) != null) {
      notices.add(answer);
    }
    notices.forEach(submitter::executeSoon);
    notices.clear();
  }

  private void tellLater(Runnable tell, Submission... rows) {
    untold.add(rows);
    notices.add(
        () -> {
          try {
            tell.run();
          } finally {
            submitter.postAndHelp(new Told(rows));
          }
        });
  }

  // ---- the flow's scheduler

  /** Passes adjacent rows of one receiver on together. */
  private void tellNow(InFlightBatch batch) {
    Submission[] rows = batch.ended();
    listeners.durable(batch);
    int to;
    for (int from = 0; from < rows.length; from = to) {
      Submission.Receiver receiver = rows[from].receiver();
      to = from;
      do {
        listeners.ended(rows[to++]);
      } while (receiver != null && to < rows.length && rows[to].receiver() == receiver);
      if (receiver == null) {
        tellNow(rows[from], batch.sealedAt);
      } else {
        int first = from;
        int end = to;
        Safely.run(() -> receiver.tell(rows, first, end, batch.sealedAt));
      }
    }
  }

  private static void tellNow(Submission row, long sealedAt) {
    try { // not by a lambda, which a young JVM allocates for each row
      row.tell(sealedAt);
    } catch (Throwable thrownByCaller) {
      Safely.drop(thrownByCaller);
    }
  }

  /** The outcomes of rows were reported. */
  private final class Told extends Command {

    private final Submission[] rows;

    Told(Submission[] rows) {
      this.rows = rows;
    }

    @Override
    public void run() {
      untold.remove(rows);
      flushes.leave(rows);
    }
  }
}
