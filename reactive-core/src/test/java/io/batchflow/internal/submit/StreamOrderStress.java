package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Rows;
import io.batchflow.WriteResult;
import io.batchflow.stats.FlowStats;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Rows of streams that queue behind submissions that wait for room. */
public class StreamOrderStress {

  private StreamOrderStress() {}

  /** A thread submits two rows as room becomes free, the second by a stream that had room. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowBehindAWaiter {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final StressedStream source = new StressedStream(flow).started();
    private final Signals<WriteResult> waiter = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(waiter, 2);

    public RowBehindAWaiter() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.pass();
    }

    @Actor
    public void submitBothWays() {
      submission.request(1);
      source.stream.onNext(Rows.event(3));
    }

    @Actor
    public void drain() {
      flow.pass();
      flow.answer();
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean ordered = flow.stored().equals(List.of(1L, 2L, 3L));
      boolean told = waiter.values.get() == 1 && source.written() == 1;
      source.stream.cancel();
      flow.rest();
      result.r1 = flow.verdict(ordered && told, source);
    }
  }

  /** A stream is cancelled as its row queues behind a waiting row, and room becomes free. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowBehindAWaiterAndCancel {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final StressedStream source = new StressedStream(flow).started();
    private final Signals<WriteResult> waiter = new Signals<>();

    public RowBehindAWaiterAndCancel() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.submission(waiter, 2).request(1);
      flow.pass();
      source.stream.onNext(Rows.event(3));
    }

    @Actor
    public void cancel() {
      source.stream.cancel();
    }

    @Actor
    public void drain() {
      flow.pass();
      flow.answer();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean booked = flow.ledger().written() == flow.stored().size();
      boolean told = waiter.values.get() == 1 && flow.stored().subList(0, 2).contains(2L);
      result.r1 = flow.verdict(booked && told && source.caller.ends.get() == 0, source);
    }
  }

  /** A row arrives as a waiting submission is cancelled, and another one waits behind both. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndWaiterCancelled {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final StressedStream source = new StressedStream(flow).started();
    private final Signals<WriteResult> last = new Signals<>();
    private final SubmitMono.Single waiter = flow.submission(new Signals<>(), 2);
    private final SubmitMono.Single behind = flow.submission(last, 4);

    public RowAndWaiterCancelled() {
      flow.submission(new Signals<>(), 1).request(1);
      waiter.request(1);
      flow.pass();
    }

    @Actor
    public void submitBothWays() {
      source.stream.onNext(Rows.event(3));
      behind.request(1);
    }

    @Actor
    public void cancelAndDrain() {
      waiter.cancel();
      flow.pass();
      flow.answer();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean ordered = flow.stored().indexOf(3L) < flow.stored().indexOf(4L);
      boolean told = last.values.get() == 1 && source.written() == 1;
      source.stream.cancel();
      flow.rest();
      result.r1 = flow.verdict(ordered && told, source);
    }
  }

  /** A row arrives behind a waiting one at the deadline of close: every row is counted and ends. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowBehindAWaiterAndDeadline {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final StressedStream source = new StressedStream(flow).started();
    private final Signals<WriteResult> waiter = new Signals<>();

    public RowBehindAWaiterAndDeadline() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.submission(waiter, 2).request(1);
      flow.pass();
    }

    @Actor
    public void row() {
      source.stream.onNext(Rows.event(3));
    }

    @Actor
    public void giveUp() {
      flow.close();
      flow.pass();
      flow.passDeadline();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.settle();
      FlowStats stats = flow.engine.stats();
      // A row that arrives after the end of its stream is turned away without an outcome.
      boolean told = source.caller.values.get() <= 1 && waiter.ends.get() == 1;
      told &= stats.ledger().admitted() + stats.turnedAway() == 3;
      boolean ended = source.caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      result.r1 = flow.verdict(told && ended, source + ", " + waiter);
    }
  }
}
