package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.FlowClosedException;
import io.batchflow.UnknownOutcomeException;
import io.batchflow.WriteResult;
import io.batchflow.stats.Ledger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Close and its deadline race with submissions, cancellations, writes and results. */
public class CloseStress {

  private CloseStress() {}

  /** A row starts as the flow closes: it is written or turned away, and close completes. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SubmitAndClose {
    private final ManualEngine flow = new ManualEngine(8);
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);

    @Actor
    public void submit() {
      submission.request(1);
    }

    @Actor
    public void close() {
      flow.close();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean once = caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      boolean told = caller.values.get() == flow.stored().size();
      result.r1 = flow.verdict(once && told, caller);
    }
  }

  /** A row gets room before the close and arrives after its deadline: close is not delayed. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SubmitAndDeadline {
    private final ManualEngine flow = new ManualEngine(8).holdingWrites();
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);

    @Actor
    public void submit() {
      submission.request(1);
    }

    @Actor
    public void close() {
      flow.close();
      flow.pass();
      flow.passDeadline();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.settle();
      boolean once = caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      result.r1 = flow.verdict(once, caller + ", closed " + flow.closed);
    }
  }

  /** A row is cancelled at the deadline: it is not sent or withdrawn, and counted once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CancelAndDeadline {
    private final ManualEngine flow = new ManualEngine(8).holdingWrites();
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 2);

    public CancelAndDeadline() {
      flow.submission(new Signals<>(), 1).request(1);
      submission.request(1);
      flow.close();
      flow.pass();
    }

    @Actor
    public void cancel() {
      submission.cancel();
    }

    @Actor
    public void giveUp() {
      flow.passDeadline();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.settle();
      Ledger ledger = flow.ledger();
      boolean booked = ledger.unknown() == 1 && ledger.notSent() + ledger.withdrawn() == 1;
      boolean told = caller.ends.get() <= ledger.notSent() && flow.closed.ends.get() == 1;
      result.r1 = flow.verdict(booked && told, caller);
    }
  }

  /** A write starts at the deadline: a row that is reported as not sent was not sent. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SendAndDeadline {
    private final ManualEngine flow = new ManualEngine(8).deferringTasks();
    private final Signals<WriteResult> caller = new Signals<>();

    public SendAndDeadline() {
      flow.submission(caller, 1).request(1);
      flow.close();
      flow.pass();
    }

    @Actor
    public void send() {
      flow.runTasks();
    }

    @Actor
    public void giveUp() {
      flow.passDeadline();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.settle();
      boolean once = caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      boolean notSent = caller.error.get() instanceof FlowClosedException;
      boolean told = notSent == flow.stored().isEmpty();
      result.r1 = flow.verdict(once && told, caller);
    }
  }

  /** A result arrives at the deadline: the row is written or unknown, and signalled once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class VerdictAndDeadline {
    private final ManualEngine flow = new ManualEngine(8).holdingWrites();
    private final Signals<WriteResult> caller = new Signals<>();

    public VerdictAndDeadline() {
      flow.submission(caller, 1).request(1);
      flow.pass();
      flow.close();
      flow.pass();
    }

    @Actor
    public void answer() {
      flow.answer();
    }

    @Actor
    public void giveUp() {
      flow.passDeadline();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.settle();
      boolean once = caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      boolean known =
          caller.values.get() == 1 || caller.error.get() instanceof UnknownOutcomeException;
      result.r1 = flow.verdict(once && known, caller);
    }
  }

  /** Two callers close: both are notified once, and the flow closes once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CloseTwice {
    private final ManualEngine flow = new ManualEngine(8);
    private final Signals<Void> other = new Signals<>();

    @Actor
    public void close() {
      flow.engine.shutdown.close(ManualEngine.DEADLINE).subscribe(other);
    }

    @Actor
    public void closeToo() {
      flow.close();
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean once = flow.closed.ends.get() == 1 && other.ends.get() == 1;
      result.r1 = flow.verdict(once, other);
    }
  }
}
