package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.WriteResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** While no slot is free rows wake nobody: none is forgotten over that, nor an event behind one. */
public class RestStress {

  private RestStress() {}

  /** One row is in flight, and takes the only slot. */
  public abstract static class Busy {
    final ManualEngine flow = new ManualEngine(8).holdingWrites();
    final Signals<WriteResult> first = new Signals<>();
    final Signals<WriteResult> second = new Signals<>();
    final SubmitMono.Single next = flow.submission(second, 2);

    Busy() {
      flow.submission(first, 1).request(1);
      flow.settle();
    }

    /** Nothing but what was woken may run: a look now and then would hide what was forgotten. */
    String verdict() {
      flow.passWhileWoken();
      while (flow.answer()) {
        flow.passWhileWoken();
      }
      boolean told = first.values.get() == 1 && second.values.get() == 1;
      return flow.verdict(told && flow.stored().size() == 2, second);
    }
  }

  /** A row comes as the only slot comes free. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndFreeSlot extends Busy {

    @Actor
    public void submit() {
      next.request(1);
    }

    @Actor
    public void answer() {
      flow.answer();
      flow.passWhileWoken();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = verdict();
    }
  }

  /** A row comes as the drain goes to rest, and the slot comes free behind it. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndRest extends Busy {

    @Actor
    public void submit() {
      next.request(1);
    }

    @Actor
    public void pass() {
      flow.pass();
    }

    @Actor
    public void answer() {
      flow.answer();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = verdict();
    }
  }

  /** A row is cancelled that nobody has seen. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class UnseenAndCancelled extends Busy {

    public UnseenAndCancelled() {
      next.request(1);
    }

    @Actor
    public void cancel() {
      next.cancel();
    }

    @Actor
    public void pass() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.passWhileWoken();
      long withdrawn = flow.engine.stats().ledger().withdrawn();
      flow.rest();
      boolean untold = second.ends.get() == 0 && flow.stored().size() == 1;
      result.r1 = flow.verdict(withdrawn == 1 && untold, second);
    }
  }
}
