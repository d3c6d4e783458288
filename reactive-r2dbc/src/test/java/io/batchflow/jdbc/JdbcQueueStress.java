package io.batchflow.jdbc;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Cancelled or interrupted tasks race with their worker. */
public class JdbcQueueStress {

  private JdbcQueueStress() {}

  /** Results: runs of the cancelled task, and runs and answers of the next one. */
  @JCStressTest
  @Outcome(
      id = {"0, 0, 1, 1", "1, 0, 1, 1", "1, 1, 1, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class GiveUpAndRun {
    private final StressedQueue queue = new StressedQueue();
    private final StressedQueue.Piece givenUp = queue.add(() -> {});
    private final StressedQueue.Piece behind = queue.add(() -> {});

    @Actor
    public void run() {
      queue.runFirst();
    }

    @Actor
    public void giveUp() {
      givenUp.giveUp();
    }

    @Arbiter
    public void arbiter(IIII_Result result) {
      queue.runAll();
      result.r1 = givenUp.runs.get();
      result.r2 = givenUp.answers.get();
      result.r3 = behind.runs.get();
      result.r4 = behind.answers.get();
    }
  }

  /** A hanging task returns just as another worker has taken over. */
  @JCStressTest
  @Outcome(
      id = {"0, 0, 1, 1", "1, 0, 1, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ComeBackAndTakeOver {
    private final StressedQueue queue = new StressedQueue();
    private final AtomicBoolean comeBack = new AtomicBoolean();
    private final StressedQueue.Piece hanging = queue.add(this::hang);
    private final StressedQueue.Piece behind = queue.add(() -> {});

    private void hang() {
      while (!comeBack.get()) {
        Thread.onSpinWait();
      }
    }

    @Actor
    public void run() {
      queue.runFirst();
    }

    @Actor
    public void giveUp() {
      hanging.giveUp();
      comeBack.set(true);
      queue.runAll();
    }

    @Arbiter
    public void arbiter(IIII_Result result) {
      queue.runAll();
      result.r1 = hanging.runs.get();
      result.r2 = hanging.answers.get();
      result.r3 = behind.runs.get();
      result.r4 = behind.answers.get();
    }
  }

  /** Results: whether it ran, and how many answers it got. */
  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class InterruptAndRun {
    private final StressedQueue queue = new StressedQueue();
    private final StressedQueue.Piece piece = queue.add(() -> {});

    @Actor
    public void run() {
      queue.runFirst();
    }

    @Actor
    public void interrupt() {
      piece.interrupt();
    }

    @Arbiter
    public void arbiter(II_Result result) {
      queue.runAll();
      result.r1 = piece.runs.get();
      result.r2 = piece.answers.get();
    }
  }
}
