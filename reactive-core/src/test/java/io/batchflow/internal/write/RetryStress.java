package io.batchflow.internal.write;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.BatchPolicy;
import io.batchflow.FailureKind;
import io.batchflow.Rows;
import io.batchflow.internal.lane.Lane;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.log.LogLine;
import io.batchflow.internal.submit.ManualEngine;
import io.batchflow.internal.submit.Signals;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The number of retries, and whether the log reports the end of a failure. */
public class RetryStress {

  private RetryStress() {}

  /** A write fails as another succeeds: if the log reports the failure, it reports its end. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class FailAndRecover {
    private final List<LogLine> lines = new CopyOnWriteArrayList<>();
    private final ManualEngine flow = new ManualEngine(1);
    private final FlowLog log = new FlowLog(flow, lines::add);
    private final BackendHealth backend = new BackendHealth(flow.config.scheduler, flow, log);
    private final Lane lane = new Lane(Rows.EVENTS, BatchPolicy.defaults(), 2);
    private final RuntimeException reason = new RuntimeException("away", null, false, false) {};

    @Actor
    public void fail() {
      backend.failed(lane, FailureKind.TRANSIENT, reason);
    }

    @Actor
    public void succeed() {
      backend.failed(lane, FailureKind.DATA, reason); // an answer
    }

    @Arbiter
    public void arbiter(L_Result result) {
      backend.failed(lane, FailureKind.DATA, reason);
      List<Object> changes = lines.stream().map(line -> line.values().get("change")).toList();
      boolean whole = changes.equals(List.of("failing", "recovered"));
      result.r1 = whole && lane.failures.failing() == null ? "ok" : changes.toString();
    }
  }

  /** Two retries and a budget for one: one starts now, and the other waits. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class BudgetForOne {
    private final ManualEngine flow = new ManualEngine(1);
    private final RetryBudget budget = new RetryBudget(flow.config, flow);
    private final Signals<Void> one = new Signals<>();
    private final Signals<Void> two = new Signals<>();

    @Actor
    public void take() {
      budget.take().subscribe(one);
    }

    @Actor
    public void takeToo() {
      budget.take().subscribe(two);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = one.ends.get() + two.ends.get() == 1 ? "ok" : one + " and " + two;
    }
  }
}
