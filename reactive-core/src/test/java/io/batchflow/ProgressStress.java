package io.batchflow;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.internal.submit.ManualEngine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Flux;

/** Snapshots of a running load, taken by other threads. */
public class ProgressStress {

  private ProgressStress() {}

  /** A subscriber that arrives as a load ends receives its end, with every row. */
  @JCStressTest
  @org.openjdk.jcstress.annotations.Outcome(id = "ok", expect = ACCEPTABLE)
  @org.openjdk.jcstress.annotations.Outcome(expect = FORBIDDEN)
  @State
  public static class LookAsTheLoadEnds {
    private final ManualEngine flow = new ManualEngine(8);
    private final ProgressMeter meter =
        new ProgressMeter(flow::now, flow.config.scheduler, flow.engine.shutdown.done(), 1L);
    private final AtomicReference<@Nullable Progress> last = new AtomicReference<>();
    private final AtomicInteger ends = new AtomicInteger();

    @Actor
    public void load() {
      Outcome<Row> unsent = Outcome.failed(Rows.event(1), FlowClosedException.notSent("events"));
      meter.follow(Flux.just(unsent)).subscribe();
    }

    @Actor
    public void look() {
      meter.every(Duration.ofHours(1)).subscribe(last::set, null, ends::incrementAndGet);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      Progress told = last.get();
      boolean end = told != null && told.ended() && told.notSent() == 1 && ends.get() == 1;
      result.r1 = end ? "ok" : ends + " ends, " + told;
    }
  }
}
