package io.batchflow.internal.submit;

import io.batchflow.BatchFlowException;
import io.batchflow.internal.lane.FlushTracker;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.loop.Command;
import io.batchflow.internal.loop.Safely;
import io.batchflow.internal.write.Listeners;
import java.util.ArrayList;
import java.util.List;

/**
 * Has callers told how their rows ended: on the flow's scheduler, when the pass of the drain is
 * over. Flush and close wait until they were told. Owned by the drain.
 */
public final class OutcomeTeller {

  private final Submitter submitter;
  private final Listeners listeners;
  private final FlushTracker flushes = new FlushTracker();

  /** What runs on the flow's scheduler after this pass. */
  private final List<Runnable> notices = new ArrayList<>();

  private int untold;

  public OutcomeTeller(Submitter submitter, Listeners listeners) {
    this.submitter = submitter;
    this.listeners = listeners;
  }

  /** Counts a row that has arrived: a flush from now on waits for it. */
  public void expect(Submission row) {
    flushes.join(row);
  }

  /** Takes it that nobody is told of a row. */
  void forget(Submission row) {
    flushes.leave(row);
  }

  /** Calls back when everybody was told of every row that has arrived by now. */
  public void flush(Runnable answer) {
    flushes.flush(answer);
  }

  /** Tells the callers of a batch whose rows have all ended. */
  void tell(InFlightBatch delivery) {
    tellLater(() -> tellNow(delivery), delivery.rows());
  }

  /** Tells the caller of an admitted row that ended unsent. */
  void tell(Submission row) {
    tellLater(() -> tellNow(row, 0), row);
  }

  /** Tells the caller of a row that waited for room and found none. */
  void tellTurnedAway(Submission submission, BatchFlowException reason) {
    submitter.turnedAway.increment();
    tellLater(
        () -> {
          submitter.tellTurnedAway(submission.row, reason, submission.caller()::currentContext);
          tellNow(submission, 0);
        },
        submission);
  }

  /** Leaves something to do on the flow's scheduler, when this pass is over. */
  public void later(Runnable notice) {
    notices.add(notice);
  }

  /** Whether every caller was told of every end so far. */
  public boolean allTold() {
    return untold == 0;
  }

  /** Starts what was left to do; at the end of a pass. */
  public void publish() {
    Runnable answer;
    while ((answer = flushes.nextAnswer()) != null) {
      notices.add(answer);
    }
    notices.forEach(submitter::executeSoon);
    notices.clear();
  }

  private void tellLater(Runnable tell, Submission... rows) {
    untold++;
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

  /** Rows of one receiver that stand together are passed on together. */
  private void tellNow(InFlightBatch delivery) {
    Submission[] rows = delivery.ended();
    listeners.durable(delivery);
    int to;
    for (int from = 0; from < rows.length; from = to) {
      Submission.Receiver receiver = rows[from].receiver();
      to = from;
      do {
        listeners.ended(rows[to++]);
      } while (receiver != null && to < rows.length && rows[to].receiver() == receiver);
      if (receiver == null) {
        tellNow(rows[from], delivery.sealedAt);
      } else {
        int first = from;
        int end = to;
        Safely.run(() -> receiver.tell(rows, first, end, delivery.sealedAt));
      }
    }
  }

  private static void tellNow(Submission row, long sealedAt) {
    Safely.run(() -> row.tell(sealedAt));
  }

  /** The callers of rows that ended were told. */
  private final class Told extends Command {

    private final Submission[] rows;

    Told(Submission[] rows) {
      this.rows = rows;
    }

    @Override
    public void run() {
      untold--;
      flushes.leave(rows);
    }
  }
}
