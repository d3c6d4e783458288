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

/**
 * Rows do not wake the drain while no slot is free. None of them is forgotten, and no event behind
 * them.
 */
public class RestStress {

  private RestStress() {}

  /** One row is in flight and has the only slot. */
  public abstract static class Busy {
    final ManualEngine flow = new ManualEngine(8).holdingWrites();
    final Signals<WriteResult> first = new Signals<>();
    final Signals<WriteResult> second = new Signals<>();
    final SubmitMono.Single next = flow.submission(second, 2);

    Busy() {
      flow.submission(first, 1).request(1);
      flow.settle();
    }

    /** Runs only requested passes. An additional pass would hide a forgotten event. */
    String verdict() {
      flow.passWhileWoken();
      while (flow.answer()) {
        flow.passWhileWoken();
      }
      boolean told = first.values.get() == 1 && second.values.get() == 1;
      return flow.verdict(told && flow.stored().size() == 2, second);
    }
  }

  /** A row arrives as the only slot becomes free. */
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

  /** A row arrives as the drain starts to ignore rows, and then the slot becomes free. */
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

  /** A row is cancelled before the drain has seen it. */
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
