package io.batchflow.internal.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The limits on log lines. */
public class LogStress {

  private LogStress() {}

  /** As a minute starts, one line is written, and all others are counted. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class OneLineAMinute {
    private static final long BEGINS = TimeUnit.MINUTES.toNanos(1);
    private final LogLimit limit = new LogLimit(1, 0);
    private long one;
    private long two;
    private long three;

    @Actor
    public void log() {
      one = limit.admit(BEGINS);
    }

    @Actor
    public void logTwice() {
      two = limit.admit(BEGINS);
      three = limit.admit(BEGINS);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      List<Long> answers = List.of(one, two, three);
      long told = answers.stream().filter(each -> each != LogLimit.LEFT_OUT).count();
      long counted = answers.stream().mapToLong(each -> Math.max(0, each)).sum();
      counted += limit.admit(2 * BEGINS);
      result.r1 = told == 1 && counted == 2 ? "ok" : answers + ", " + counted + " counted";
    }
  }
}
