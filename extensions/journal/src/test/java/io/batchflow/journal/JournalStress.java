package io.batchflow.journal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Races between accepted rows, ends of rows, and close. */
public class JournalStress {

  private JournalStress() {}

  /** A row that arrives while the journal closes is accepted or rejected, and never lost. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AcceptAndClose {
    private final StressedJournal journal = new StressedJournal(8);

    @Actor
    public void accept() {
      journal.accept(1);
    }

    @Actor
    public void close() {
      journal.close(StressedJournal.LATE);
      journal.rest();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      journal.rest();
      result.r1 = journal.verdict();
    }
  }

  /** One row ends and one arrives while close gives up the rest: written, kept or rejected. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CutShort {
    private final StressedJournal journal = new StressedJournal(8);

    public CutShort() {
      journal.accept(1);
      journal.accept(2);
      journal.accept(3);
    }

    @Actor
    public void endAndAccept() {
      journal.answer();
      journal.accept(4);
    }

    @Actor
    public void close() {
      journal.close(Duration.ZERO);
      journal.flowGivesUp();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      journal.flowGivesUp();
      journal.flowGivesUp();
      result.r1 = journal.verdict();
    }
  }

  /** Two rows, room for one: one is accepted, and the count never exceeds the room. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RoomForOne {
    private final StressedJournal journal = new StressedJournal(1);
    private int seen;

    @Actor
    public void accept() {
      journal.accept(1);
    }

    @Actor
    public void acceptAndLook() {
      journal.accept(2);
      seen = journal.pending();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      int pending = journal.pending();
      journal.close(StressedJournal.LATE);
      journal.rest();
      boolean bound = pending == 1 && seen == 1;
      result.r1 = bound ? journal.verdict() : "seen " + seen + ", then " + pending;
    }
  }

  /** A row that arrives after another has ended is accepted, unless a third one took the room. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class EndMakesRoom {
    private final StressedJournal journal = new StressedJournal(1);
    private final StressedJournal.Caller first = journal.accept(1);

    @Actor
    public void accept() {
      journal.accept(2);
    }

    @Actor
    public void endAndAccept() {
      journal.answer();
      journal.accept(3);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      int pending = journal.pending();
      journal.close(StressedJournal.LATE);
      journal.rest();
      result.r1 = first.isAccepted() && pending == 1 ? journal.verdict() : pending + " pending";
    }
  }
}
