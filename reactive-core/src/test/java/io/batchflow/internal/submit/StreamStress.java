package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Rows;
import io.batchflow.WriteResult;
import io.batchflow.stats.FlowStats;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.reactivestreams.Subscription;

/** Streams of submissions against the drain, close, their cancellation and their own demand. */
public class StreamStress {

  private StreamStress() {}

  /** A stream, its source and its caller; the caller asks for everything at the start. */
  private static final class Stream implements Subscription {
    private final Signals<io.batchflow.Outcome> caller = new Signals<>();
    private final AtomicLong asked = new AtomicLong();
    private final RowStream stream;

    Stream(ManualEngine flow) {
      stream = new RowStream(flow.engine.submitter, flow.engine.streams, caller);
      stream.onSubscribe(this);
    }

    Stream started() {
      stream.request(Long.MAX_VALUE);
      return this;
    }

    int written() {
      io.batchflow.Outcome outcome = caller.last.get();
      return outcome != null && outcome.isWritten() ? 1 : 0;
    }

    @Override
    public void request(long n) {
      asked.addAndGet(n);
    }

    @Override
    public void cancel() {}

    @Override
    public String toString() {
      return caller + ", asked " + asked;
    }
  }

  /** A row comes as the flow closes: told what became of it before the stream ends. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndClose {
    private final ManualEngine flow = new ManualEngine(8);
    private final Stream source = new Stream(flow).started();

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

  /** The source completes as its last outcome comes: the stream ends once, behind it. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CompleteAndTell {
    private final ManualEngine flow = new ManualEngine(8);
    private final Stream source = new Stream(flow).started();

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

  /** A stream is cancelled as its row comes: nothing is held. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndCancel {
    private final ManualEngine flow = new ManualEngine(8);
    private final Stream source = new Stream(flow).started();

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

  /** A stream is cancelled as its turn for room comes: the room goes to the next. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TurnAndCancel {
    private final ManualEngine flow = new ManualEngine(1).holdingWrites();
    private final Signals<WriteResult> last = new Signals<>();
    private final Stream source;

    public TurnAndCancel() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.pass();
      source = new Stream(flow).started();
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

  /** A thread submits two rows as room comes free, the second by a stream that had room. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowBehindAWaiter {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final Stream source = new Stream(flow).started();
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

  /** A stream is cancelled as its row stands behind one that waits, and room comes free. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowBehindAWaiterAndCancel {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final Stream source = new Stream(flow).started();
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

  /** A row comes as a submission that waits is cancelled, and a second one stands behind both. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowAndWaiterCancelled {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final Stream source = new Stream(flow).started();
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

  /** A row comes behind one that waits as close gives up: every row is booked, nobody hangs. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RowBehindAWaiterAndDeadline {
    private final ManualEngine flow = new ManualEngine(2).holdingWrites();
    private final Stream source = new Stream(flow).started();
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
      // A row that comes after its stream was told the end is turned away without an outcome.
      boolean told = source.caller.values.get() <= 1 && waiter.ends.get() == 1;
      told &= stats.ledger().admitted() + stats.turnedAway() == 3;
      boolean ended = source.caller.ends.get() == 1 && flow.closed.ends.get() == 1;
      result.r1 = flow.verdict(told && ended, source + ", " + waiter);
    }
  }

  /** A stream is given room as close gives up: the room comes back and close completes. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class TurnAndDeadline {
    private final ManualEngine flow = new ManualEngine(1).holdingWrites().deferringTasks();
    private final Stream source;

    public TurnAndDeadline() {
      flow.submission(new Signals<>(), 1).request(1);
      flow.pass();
      flow.runTasks();
      source = new Stream(flow).started();
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

  /** A stream asks as the only room comes free: its source is asked, whoever sees it. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AskAndRelease {
    private final ManualEngine flow = new ManualEngine(1).holdingWrites();
    private final Stream source = new Stream(flow);

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

  /** The caller asks as outcomes come: each is told once, then the end. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AskAndTell {
    private final ManualEngine flow = new ManualEngine(8);
    private final Stream source = new Stream(flow);

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
