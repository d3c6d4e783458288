package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.WriteResult;
import io.batchflow.stats.Ledger;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Single submissions race with the drain, their cancellation, a flush and each other. */
public class SubmitStress {

  private SubmitStress() {}

  /** A row is cancelled as it starts: it is withdrawn and unsent, or written. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class StartAndCancel {
    private final ManualEngine flow = new ManualEngine(8);
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);

    @Actor
    public void start() {
      submission.request(1);
    }

    @Actor
    public void cancel() {
      submission.cancel();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean untold = caller.ends.get() == 0 && flow.stored().isEmpty();
      result.r1 = flow.verdict(untold, caller);
    }
  }

  /** A row is cancelled as it is sealed: it is withdrawn and unsent, or counted as written. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SealAndCancel {
    private final ManualEngine flow = new ManualEngine(8);
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);

    public SealAndCancel() {
      submission.request(1);
    }

    @Actor
    public void cancel() {
      submission.cancel();
    }

    @Actor
    public void seal() {
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      Ledger ledger = flow.ledger();
      boolean booked =
          ledger.written() == flow.stored().size() && ledger.written() + ledger.withdrawn() == 1;
      boolean told = caller.ends.get() <= 1 && caller.values.get() <= flow.stored().size();
      result.r1 = flow.verdict(booked && told, caller);
    }
  }

  /** The rows of one thread keep their order, even if there is room for only one. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RoomForOne {
    private final ManualEngine flow = new ManualEngine(1);
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single one = flow.submission(caller, 1);
    private final SubmitMono.Single two = flow.submission(caller, 2);
    private final SubmitMono.Single three = flow.submission(caller, 3);

    @Actor
    public void submit() {
      one.request(1);
      two.request(1);
      three.request(1);
    }

    @Actor
    public void drain() {
      flow.pass();
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean all = caller.values.get() == 3 && caller.ends.get() == 3;
      result.r1 = flow.verdict(all && flow.stored().equals(List.of(1L, 2L, 3L)), caller);
    }
  }

  /** Two threads and room for one: both rows are written, in any order. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TwoAndRoomForOne {
    private final ManualEngine flow = new ManualEngine(1);
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single one = flow.submission(caller, 1);
    private final SubmitMono.Single two = flow.submission(caller, 2);

    @Actor
    public void submitOne() {
      one.request(1);
    }

    @Actor
    public void submitTwo() {
      two.request(1);
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean both = caller.values.get() == 2 && caller.ends.get() == 2;
      result.r1 = flow.verdict(both && flow.stored().size() == 2, caller);
    }
  }

  /** A waiting submission is cancelled as room becomes free: the next one gets the room. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class WaiterCancels {
    private final ManualEngine flow = new ManualEngine(1).holdingWrites();
    private final Signals<WriteResult> holder = new Signals<>();
    private final Signals<WriteResult> waiter = new Signals<>();
    private final Signals<WriteResult> last = new Signals<>();
    private final SubmitMono.Single waiting = flow.submission(waiter, 2);

    public WaiterCancels() {
      flow.submission(holder, 1).request(1);
      flow.pass();
      waiting.request(1);
      flow.submission(last, 3).request(1);
    }

    @Actor
    public void giveUp() {
      waiting.cancel();
    }

    @Actor
    public void drain() {
      flow.answer();
      flow.pass();
      flow.answer();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean served = holder.values.get() == 1 && last.values.get() == 1;
      boolean booked = flow.ledger().written() == flow.stored().size();
      result.r1 = flow.verdict(served && booked && waiter.ends.get() <= 1, last);
    }
  }

  /** A flush after a row completes, and not before the row's caller is notified. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SubmitAndFlush {
    private final ManualEngine flow = new ManualEngine(8);
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);
    private final AtomicInteger toldAtFlush = new AtomicInteger(-1);

    @Actor
    public void submitAndFlush() {
      submission.request(1);
      flow.engine.control.flush().subscribe(null, null, () -> toldAtFlush.set(caller.ends.get()));
    }

    @Actor
    public void drain() {
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean once = caller.values.get() == 1 && caller.ends.get() == 1;
      result.r1 = flow.verdict(once && toldAtFlush.get() == 1, toldAtFlush + " told at the flush");
    }
  }
}
