package io.batchflow.internal.submit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.BatchPolicy;
import io.batchflow.Rows;
import io.batchflow.WriteResult;
import io.batchflow.control.TableControl;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Pauses, resumes, flushes and new policies race with rows, cancellations and the close. */
public class ControlStress {

  private ControlStress() {}

  /** A table is paused and resumed as a row starts: the row is written once. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class SubmitAndPause {
    private final ManualEngine flow = new ManualEngine(1);
    private final TableControl table = flow.engine.control("events");
    private final Signals<WriteResult> caller = new Signals<>();
    private final Signals<WriteResult> other = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);
    private final SubmitMono.Single second = flow.submission(other, 2);

    @Actor
    public void submit() {
      submission.request(1);
      second.request(1);
    }

    @Actor
    public void control() {
      table.pause().subscribe();
      flow.pass();
      table.resume().subscribe();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean once = caller.values.get() == 1 && other.values.get() == 1;
      result.r1 = flow.verdict(once && flow.stored().size() == 2, caller + " and " + other);
    }
  }

  /** A held row is cancelled as its table is resumed: it is withdrawn and unsent, or written. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CancelAndResume {
    private final ManualEngine flow = new ManualEngine(8);
    private final TableControl table = flow.engine.control("events");
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);

    public CancelAndResume() {
      table.pause().subscribe();
      submission.request(1);
      flow.settle();
    }

    @Actor
    public void cancel() {
      submission.cancel();
    }

    @Actor
    public void resume() {
      table.resume().subscribe();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      long withdrawn = flow.ledger().withdrawn();
      result.r1 = flow.verdict(withdrawn + flow.stored().size() == 1, caller);
    }
  }

  /** A table is paused as the flow closes: its row is written and the close completes. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class PauseAndClose {
    private final ManualEngine flow = new ManualEngine(8);
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);
    private final Signals<Void> paused = new Signals<>();

    @Actor
    public void pause() {
      flow.engine.control("events").pause().subscribe(paused);
      submission.request(1);
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
      boolean ended =
          caller.ends.get() == 1 && flow.closed.ends.get() == 1 && paused.ends.get() == 1;
      boolean told = caller.values.get() == flow.stored().size();
      result.r1 = flow.verdict(ended && told, caller + ", pause " + paused);
    }
  }

  /** A stream is cancelled as its table, which holds a row of it, is resumed. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class CancelStreamAndResume {
    private final ManualEngine flow = new ManualEngine(8);
    private final TableControl table = flow.engine.control("events");
    private final StressedStream source = new StressedStream(flow).started();

    public CancelStreamAndResume() {
      table.pause().subscribe();
      source.stream.onNext(Rows.event(1));
      flow.settle();
    }

    @Actor
    public void cancel() {
      source.stream.cancel();
    }

    @Actor
    public void resume() {
      table.resume().subscribe();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      long withdrawn = flow.ledger().withdrawn();
      result.r1 = flow.verdict(withdrawn + flow.stored().size() == 1, source);
    }
  }

  /** A flush of the table after a row completes, and not before the row's caller is notified. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class FlushAndRetune {
    private final ManualEngine flow = new ManualEngine(8);
    private final TableControl table = flow.engine.control("events");
    private final Signals<WriteResult> caller = new Signals<>();
    private final SubmitMono.Single submission = flow.submission(caller, 1);
    private final AtomicInteger toldAtFlush = new AtomicInteger(-1);

    @Actor
    public void submitAndFlush() {
      submission.request(1);
      table.flush().subscribe(null, null, () -> toldAtFlush.set(caller.ends.get()));
    }

    @Actor
    public void retune() {
      table
          .policy(BatchPolicy.builder().maxSize(2).lingerWhenIdle(true).concurrency(1).build())
          .subscribe();
      flow.pass();
      flow.pass();
    }

    @Arbiter
    public void arbiter(L_Result result) {
      flow.rest();
      boolean once = caller.values.get() == 1 && caller.ends.get() == 1;
      result.r1 = flow.verdict(once && toldAtFlush.get() == 1, toldAtFlush + " told at the flush");
    }
  }
}
