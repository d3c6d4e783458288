package io.batchflow;

import static io.batchflow.OutcomeStatus.WRITTEN;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Flux;

/** What other threads see of a flow and of a load while they are under way. */
public class StatsStress {

  private StatsStress() {}

  /** Rows come and end: an account never shows more ends than rows. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class LookWhileRowsEnd {
    private final Lane lane = new Lane(Rows.EVENTS, BatchPolicy.defaults(), 1);

    @Actor
    public void drain() {
      for (int i = 0; i < 10; i++) {
        lane.admitted();
        lane.ended(WRITTEN, 1);
      }
    }

    @Actor
    public void look(L_Result result) {
      result.r1 = "ok";
      for (int i = 0; i < 10; i++) {
        Ledger seen = lane.stats(0).ledger();
        if (seen.pending() < 0) {
          result.r1 = seen.toString();
        }
      }
    }
  }

  /** Whoever comes to see how far a load is as it ends is told its end, with every row. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class LookAsTheLoadEnds {
    private final ManualEngine flow = new ManualEngine(8);
    private final ProgressMeter meter = flow.engine.progress(1L);
    private final AtomicReference<@Nullable Progress> last = new AtomicReference<>();
    private final AtomicInteger ends = new AtomicInteger();

    @Actor
    public void load() {
      io.batchflow.Outcome unsent =
          io.batchflow.Outcome.failed(Rows.event(1), FlowClosedException.notSent("events"));
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
