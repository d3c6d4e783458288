package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Rows;
import io.batchflow.WriteResult;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Streams race with the drain, close, their cancellation and their own demand. */
public class StreamStress {

  private StreamStress() {}

  /** A row arrives as the flow closes: it gets its outcome before the stream ends. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndClose {
    private final ManualEngine flow = new ManualEngine(8);
    private final StressedStream source = new StressedStream(flow).started();

    @Actor
    public void row() {
      source.stream.onNext(Rows.event(1));
    }

    @Actor
    public void close() {
      flow.close();
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean told = source.written() == flow.stored().size() && source.caller.values.get() <= 1;
      boolean ended = source.caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      result.r1 = flow.verdict(told && ended, source);
    }
  }

  /** The source completes as its last outcome arrives: the stream ends once, after it. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CompleteAndTell {
    private final ManualEngine flow = new ManualEngine(8);
    private final StressedStream source = new StressedStream(flow).started();

    public CompleteAndTell() {
      source.stream.onNext(Rows.event(1));
    }

    @Actor
    public void complete() {
      source.stream.onComplete();
    }

    @Actor
    public void drain() {
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean told = source.caller.values.get() == 1 && source.caller.ends.get() == 1;
      result.r1 = flow.verdict(told && source.caller.error.get() == null, source);
    }
  }

  /** A stream is cancelled as its row arrives: no room stays taken. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndCancel {
    private final ManualEngine flow = new ManualEngine(8);
    private final StressedStream source = new StressedStream(flow).started();

    @Actor
    public void row() {
      source.stream.onNext(Rows.event(1));
    }

    @Actor
    public void cancel() {
      source.stream.cancel();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean booked = flow.ledger().written() == flow.stored().size();
      result.r1 = flow.verdict(booked && source.caller.ends.get() == 0, source);
    }
  }

  /** A stream is cancelled as its turn for room comes: the next one gets the room. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TurnAndCancel {
    private final ManualEngine flow = new ManualEngine(1).holdingWrites();
    private final Signals<WriteResult> last = new Signals<>();
    private final StressedStream source;

    public TurnAndCancel() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.pass();
      source = new StressedStream(flow).started();
      flow.submission(last, 2).request(1);
    }

    @Actor
    public void cancel() {
      source.stream.cancel();
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
      result.r1 = flow.verdict(last.values.get() == 1, source);
    }
  }

  /** A stream gets room at the deadline of close: the room is released and close completes. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TurnAndDeadline {
    private final ManualEngine flow = new ManualEngine(1).holdingWrites().deferringTasks();
    private final StressedStream source;

    public TurnAndDeadline() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.pass();
      flow.runTasks();
      source = new StressedStream(flow).started();
      flow.pass();
      flow.answer();
      flow.pass();
      flow.close();
      flow.pass();
    }

    @Actor
    public void turn() {
      flow.runTasks();
    }

    @Actor
    public void giveUp() {
      flow.passDeadline();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.settle();
      boolean ended = source.caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      result.r1 = flow.verdict(ended, source + ", closed " + flow.closed);
    }
  }

  /** A stream requests rows as the only room becomes free: its source is asked in any case. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AskAndRelease {
    private final ManualEngine flow = new ManualEngine(1).holdingWrites();
    private final StressedStream source = new StressedStream(flow);

    public AskAndRelease() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.pass();
      flow.answer();
    }

    @Actor
    public void ask() {
      source.started();
    }

    @Actor
    public void release() {
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean asked = source.asked.get() == 1;
      source.stream.cancel();
      flow.rest();
      result.r1 = flow.verdict(asked, source);
    }
  }

  /** The caller requests as outcomes arrive: each is signalled once, and then the end. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AskAndTell {
    private final ManualEngine flow = new ManualEngine(8);
    private final StressedStream source = new StressedStream(flow);

    public AskAndTell() {
      source.stream.request(1);
      source.stream.onNext(Rows.event(1));
      source.stream.onNext(Rows.event(2));
      source.stream.onComplete();
    }

    @Actor
    public void ask() {
      source.stream.request(1);
    }

    @Actor
    public void tell() {
      flow.pass();
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean told = source.caller.values.get() == 2 && source.caller.ends.get() == 1;
      result.r1 = flow.verdict(told, source);
    }
  }
}
