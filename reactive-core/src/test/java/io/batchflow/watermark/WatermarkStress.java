package io.batchflow.watermark;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Positions that pass while others are opened, read and revoked. */
public class WatermarkStress {

  private WatermarkStress() {}

  /** A watermark that another thread reads is never above a row that is not stored yet. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class ReadWhileRowsPass {
    private final Watermarks<String> marks = Watermarks.create();
    private final OpenPosition<String> first;
    private final OpenPosition<String> second;
    private volatile boolean firstStored;
    private volatile boolean secondStored;

    public ReadWhileRowsPass() {
      marks.assign("p", 0);
      first = marks.open("p", 0);
      second = marks.open("p", 1);
    }

    @Actor
    public void storeFirst() {
      firstStored = true;
      first.pass();
    }

    @Actor
    public void storeSecond() {
      secondStored = true;
      second.pass();
    }

    @Actor
    public void read(L_Result result) {
      long before = marks.watermark("p").orElseThrow();
      boolean ahead = (before > 0 && !firstStored) || (before > 1 && !secondStored);
      long after = marks.watermark("p").orElseThrow();
      result.r1 = ahead || after < before ? before + " then " + after : "ok";
    }

    @Arbiter
    public void arbiter(L_Result result) {
      long end = marks.watermark("p").orElseThrow();
      if (end != 2 || marks.pending("p") != 0) {
        result.r1 = "ends at " + end;
      }
    }
  }

  /** The last row passes while the source opens the next: the open one holds the watermark. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class OpenWhileTheLastPasses {
    private final Watermarks<String> marks = Watermarks.create();
    private final OpenPosition<String> first;

    public OpenWhileTheLastPasses() {
      marks.assign("p", 0);
      first = marks.open("p", 0);
    }

    @Actor
    public void pass() {
      first.pass();
    }

    @Actor
    public void open() {
      marks.open("p", 1);
      marks.open("p", 2).pass();
    }

    @Actor
    public void read(L_Result result) {
      long read = marks.watermark("p").orElseThrow();
      result.r1 = read <= 1 ? "ok" : "read " + read;
    }

    @Arbiter
    public void arbiter(L_Result result) {
      long end = marks.watermark("p").orElseThrow();
      if (end != 1 || marks.pending("p") != 1) {
        result.r1 = "ends at " + end;
      }
    }
  }

  /** An outcome that races with a revocation never counts for the next assignment. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class PassWhileRevoked {
    private final Watermarks<String> marks = Watermarks.create();
    private final OpenPosition<String> late;

    public PassWhileRevoked() {
      marks.assign("p", 0);
      late = marks.open("p", 0);
    }

    @Actor
    public void pass() {
      late.pass();
    }

    @Actor
    public void revoke(L_Result result) {
      long committed = marks.revoke("p").orElseThrow();
      marks.assign("p", 0);
      marks.open("p", 0);
      result.r1 = committed <= 1 ? "ok" : "committed " + committed;
    }

    @Arbiter
    public void arbiter(L_Result result) {
      long end = marks.watermark("p").orElseThrow();
      if (end != 0 || marks.pending("p") != 1) {
        result.r1 = "ends at " + end;
      }
    }
  }
}
