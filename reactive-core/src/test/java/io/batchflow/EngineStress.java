package io.batchflow;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Operators;

/**
 * Intake, lanes and close under every interleaving that jcstress finds: no submission without an
 * outcome, none with two, books that balance and room that comes back. Run by {@link StressTest}.
 */
public class EngineStress {

  private EngineStress() {}

  private static String check(boolean holds, String otherwise, ManualEngine flow) {
    return holds ? flow.books() : otherwise;
  }

  /** A submission and a close: written or turned away, never lost, and close completes. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SubmitAndClose {
    private final ManualEngine flow = new ManualEngine(8, false);
    private final ManualEngine.Signals<WriteResult> row = new ManualEngine.Signals<>();
    private final ManualEngine.Signals<Void> closed = new ManualEngine.Signals<>();
    private final SubmitMono.Single submission = flow.submission(row, 1);

    @Actor
    public void submit() {
      submission.request(1);
    }

    @Actor
    public void close() {
      flow.engine.closing.close(Duration.ofSeconds(1)).subscribe(closed);
    }

    @Actor
    public void drain() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean once = row.ends.get() == 1 && row.values.get() == flow.stored.get();
      result.r1 = check(once && closed.ends.get() == 1, row.ends + " ends", flow);
    }
  }

  /** A submission, its cancellation and its sealing: withdrawn and unsent, or written. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SubmitAndCancel {
    private final ManualEngine flow = new ManualEngine(8, false);
    private final ManualEngine.Signals<WriteResult> row = new ManualEngine.Signals<>();
    private final SubmitMono.Single submission = flow.submission(row, 1);

    @Actor
    public void submit() {
      submission.request(1);
    }

    @Actor
    public void cancel() {
      submission.cancel();
    }

    @Actor
    public void drain() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      Ledger ledger = Totals.snapshot(flow.engine).ledger();
      boolean fits =
          row.ends.get() <= 1
              && row.values.get() <= flow.stored.get()
              && ledger.written() == flow.stored.get();
      result.r1 = check(fits, "ends " + row.ends + ", " + ledger, flow);
    }
  }

  /** Two submissions with room for one: both are written, one after the other. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RoomForOne {
    private final ManualEngine flow = new ManualEngine(1, false);
    private final ManualEngine.Signals<WriteResult> first = new ManualEngine.Signals<>();
    private final ManualEngine.Signals<WriteResult> second = new ManualEngine.Signals<>();
    private final SubmitMono.Single one = flow.submission(first, 1);
    private final SubmitMono.Single two = flow.submission(second, 2);

    @Actor
    public void submitOne() {
      one.request(1);
    }

    @Actor
    public void submitTwo() {
      two.request(1);
    }

    @Actor
    public void drain() {
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean both = first.values.get() == 1 && second.values.get() == 1;
      boolean once = first.ends.get() == 1 && second.ends.get() == 1;
      result.r1 = check(both && once && flow.stored.get() == 2, "not both, once", flow);
    }
  }

  /** A waiter gives up as room comes free: it leaves the line or is written, the next gets in. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class WaiterCancels {
    private final ManualEngine flow = new ManualEngine(1, true);
    private final ManualEngine.Signals<WriteResult> holder = new ManualEngine.Signals<>();
    private final ManualEngine.Signals<WriteResult> waiter = new ManualEngine.Signals<>();
    private final ManualEngine.Signals<WriteResult> last = new ManualEngine.Signals<>();
    private final SubmitMono.Single waiting;

    public WaiterCancels() {
      flow.submission(holder, 1).request(1);
      flow.pass();
      waiting = flow.submission(waiter, 2);
    }

    @Actor
    public void waitAndGiveUp() {
      waiting.request(1);
      waiting.cancel();
    }

    @Actor
    public void submitBehind() {
      flow.submission(last, 3).request(1);
    }

    @Actor
    public void drain() {
      flow.answer();
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean fits = holder.values.get() == 1 && last.values.get() == 1 && waiter.ends.get() <= 1;
      result.r1 = check(fits, "lost in line", flow);
    }
  }

  /** A submission and a flush: both complete, whichever came first. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SubmitAndFlush {
    private final ManualEngine flow = new ManualEngine(8, false);
    private final ManualEngine.Signals<WriteResult> row = new ManualEngine.Signals<>();
    private final ManualEngine.Signals<Void> flushed = new ManualEngine.Signals<>();
    private final SubmitMono.Single submission = flow.submission(row, 1);

    @Actor
    public void submit() {
      submission.request(1);
    }

    @Actor
    public void flush() {
      flow.engine.flush().subscribe(flushed);
    }

    @Actor
    public void drain() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean both = row.values.get() == 1 && row.ends.get() == 1 && flushed.ends.get() == 1;
      result.r1 = check(both, "row " + row.ends + ", flush " + flushed.ends, flow);
    }
  }

  /** A verdict that comes as close runs out of time: written or unknown, told once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class VerdictAndDeadline {
    private final ManualEngine flow = new ManualEngine(8, true);
    private final ManualEngine.Signals<WriteResult> row = new ManualEngine.Signals<>();
    private final ManualEngine.Signals<Void> closed = new ManualEngine.Signals<>();

    public VerdictAndDeadline() {
      flow.submission(row, 1).request(1);
      flow.pass();
      flow.engine.closing.close(Duration.ofSeconds(1)).subscribe(closed);
      flow.pass();
      flow.time = Duration.ofSeconds(1).toNanos();
    }

    @Actor
    public void verdict() {
      flow.answer();
    }

    @Actor
    public void drain() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean once = row.ends.get() == 1 && closed.ends.get() == 1;
      boolean known = row.values.get() == 1 || row.error.get() instanceof UnknownOutcomeException;
      result.r1 = check(once && known, row.ends + " ends, " + row.error, flow);
    }
  }

  /** A stream's row comes as the flow closes: it has an outcome or was never taken. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class StreamAndClose {
    private final ManualEngine flow = new ManualEngine(8, false);
    private final ManualEngine.Signals<io.batchflow.Outcome> outcomes =
        new ManualEngine.Signals<>();
    private final ManualEngine.Signals<Void> closed = new ManualEngine.Signals<>();
    private final RequestStream stream = new RequestStream(flow.engine, outcomes);

    public StreamAndClose() {
      stream.onSubscribe(Operators.emptySubscription());
      stream.request(Long.MAX_VALUE);
    }

    @Actor
    public void row() {
      stream.onNext(Rows.event(1));
    }

    @Actor
    public void close() {
      flow.engine.closing.close(Duration.ofSeconds(1)).subscribe(closed);
    }

    @Actor
    public void drain() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean told = outcomes.values.get() == flow.stored.get();
      boolean ended = outcomes.ends.get() == 1 && closed.ends.get() == 1;
      result.r1 = check(told && ended, outcomes.values + " of " + flow.stored, flow);
    }
  }

  /** A stream is cancelled as its row comes: nothing is told afterwards, nothing is held. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class StreamAndCancel {
    private final ManualEngine flow = new ManualEngine(8, false);
    private final ManualEngine.Signals<io.batchflow.Outcome> outcomes =
        new ManualEngine.Signals<>();
    private final RequestStream stream = new RequestStream(flow.engine, outcomes);

    public StreamAndCancel() {
      stream.onSubscribe(Operators.emptySubscription());
      stream.request(Long.MAX_VALUE);
    }

    @Actor
    public void row() {
      stream.onNext(Rows.event(1));
      stream.onComplete();
    }

    @Actor
    public void cancel() {
      stream.cancel();
    }

    @Actor
    public void drain() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      Ledger ledger = Totals.snapshot(flow.engine).ledger();
      boolean fits = outcomes.ends.get() <= 1 && ledger.written() == flow.stored.get();
      result.r1 = check(fits, ledger.toString(), flow);
    }
  }

  /** Two threads post: nothing is lost, and each thread's events keep their order. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InboxOrder {
    private final Inbox inbox = new Inbox();
    private final Mark first = new Mark();
    private final Mark second = new Mark();
    private final Mark other = new Mark();
    private int taken;

    @Actor
    public void postTwo() {
      inbox.post(first);
      inbox.post(second);
    }

    @Actor
    public void postOne() {
      inbox.post(other);
    }

    @Actor
    public void take() {
      takeAll();
    }

    private void takeAll() {
      Event event = inbox.takeAll();
      while (event != null) {
        ((Mark) event).turn = ++taken;
        event = event.next;
      }
    }

    @Arbiter
    public void arbiter(L_Result result) {
      takeAll();
      boolean all = taken == 3 && other.turn > 0;
      result.r1 = all && first.turn > 0 && first.turn < second.turn ? "ok" : "lost or turned";
    }

    private static final class Mark extends Event {
      private int turn;

      @Override
      void happen(Engine engine) {}
    }
  }

  /** Room for one, two newcomers and a close: never more in than there is room for. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AdmissionGate {
    private final Admission admission = new Admission(1, 1_024, 4);
    private Admission.Answer one = Admission.Answer.FULL;
    private Admission.Answer two = Admission.Answer.FULL;

    @Actor
    public void enterOne() {
      one = admission.enterOrWait(1);
    }

    @Actor
    public void enterTwo() {
      two = admission.enterOrWait(1);
    }

    @Actor
    public void close() {
      admission.close();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      int in = count(Admission.Answer.ADMITTED);
      int waiting = count(Admission.Answer.WAIT);
      if (in > 0) {
        admission.release(1, 1);
      }
      for (int i = 0; i < waiting; i++) {
        admission.leaveWaiters();
      }
      boolean fits = in <= 1 && (waiting == 0 || in == 1);
      result.r1 = fits && admission.isEmpty() && admission.isClosed() ? "ok" : one + " " + two;
    }

    private int count(Admission.Answer answer) {
      return (one == answer ? 1 : 0) + (two == answer ? 1 : 0);
    }
  }
}
