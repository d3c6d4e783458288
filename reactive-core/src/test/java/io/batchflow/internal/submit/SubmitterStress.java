package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.Inbox;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The inbox and the admission word, in every interleaving. Each test has two actors, here and
 * elsewhere: jcstress skips a test with more actors than cores.
 */
public class SubmitterStress {

  private SubmitterStress() {}

  /**
   * Two threads post and one takes: no event is lost, and the events of a thread keep their order.
   */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InboxKeepsOrder {
    private final Inbox inbox = new Inbox();
    private final Mark first = new Mark();
    private final Mark second = new Mark();
    private final Mark other = new Mark();
    private int taken;

    @Actor
    public void post() {
      inbox.post(first);
      inbox.post(second);
    }

    @Actor
    public void postAndTake() {
      inbox.post(other);
      take();
    }

    private void take() {
      Event event = inbox.takeAll();
      while (event != null) {
        ((Mark) event).turn = ++taken;
        event = event.next;
      }
    }

    @Arbiter
    public void arbiter(L_Result result) {
      take();
      boolean all = taken == 3 && other.turn > 0 && first.turn > 0;
      result.r1 = all && first.turn < second.turn ? "ok" : "lost or turned";
    }

    private static final class Mark extends Event {
      private int turn;
    }
  }

  /** Room for one, two new rows and a close: no more rows are admitted than fit. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RoomForOneAndClose {
    private final Admission admission = new Admission(1, 1_024, 4);
    private Admission.Answer one = Admission.Answer.FULL;
    private Admission.Answer two = Admission.Answer.FULL;

    @Actor
    public void enter() {
      one = admission.enterOrWait(1);
    }

    @Actor
    public void enterAndClose() {
      two = admission.enterOrWait(1);
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
      boolean fits = in == 1 && two != Admission.Answer.CLOSED;
      result.r1 = fits && admission.isEmpty() && admission.isClosed() ? "ok" : one + " " + two;
    }

    private int count(Admission.Answer answer) {
      return (one == answer ? 1 : 0) + (two == answer ? 1 : 0);
    }
  }

  /** Room becomes free as a new row finds another waiting: the new row queues behind it. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class NobodyOvertakesAWaiter {
    private final Admission admission = new Admission(1, 1_024, 4);
    private Admission.Answer newcomer = Admission.Answer.FULL;
    private boolean admitted;

    public NobodyOvertakesAWaiter() {
      admission.enterOrWait(1);
      admission.enterOrWait(1);
    }

    @Actor
    public void releaseAndAdmit() {
      admission.release(1, 1);
      admitted = admission.admitWaiter(1, true);
    }

    @Actor
    public void enter() {
      newcomer = admission.enterOrWait(1);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      boolean behind = newcomer == Admission.Answer.WAIT && admission.waiters() == 1;
      result.r1 = admitted && behind ? "ok" : admitted + " " + newcomer;
    }
  }

  /** A stream reserves room as a row enters and the flow closes: no room is taken twice or lost. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ReserveAndEnter {
    private final Admission admission = new Admission(2, 1_024, 4);
    private int reserved;
    private Admission.Answer entered = Admission.Answer.FULL;

    @Actor
    public void reserve() {
      reserved = admission.reserve(2, 1);
      admission.close();
    }

    @Actor
    public void enter() {
      entered = admission.enter(1);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      int in = entered == Admission.Answer.ADMITTED ? 1 : 0;
      admission.release(reserved + in, reserved + in);
      boolean fits = reserved + in == 2 && admission.isEmpty();
      result.r1 = fits ? "ok" : reserved + " " + entered;
    }
  }
}
