package io.batchflow.audit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Records of batches that end at once, or while another thread waits for them. */
public class AuditStress {

  private static final Schema SCHEMA = Schema.table("t").columns("id").build();
  private static final Batch BATCH = new Batch(SCHEMA, List.of(SCHEMA.row().set("id", 1)));

  private AuditStress() {}

  private static void ended(AuditTrail trail) {
    trail.onWritten(BATCH, BatchResult.written(1), 1, Duration.ZERO);
  }

  /** Two records and room for one: each is stored or lost, and the room is released. */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class RoomForOne {
    private final AtomicInteger atOnce = new AtomicInteger();
    private volatile boolean met;
    private final AuditTrail trail =
        AuditTrail.builder("f", entry -> Mono.fromRunnable(this::keep)).maxPending(1).build();

    private void keep() {
      met |= atOnce.incrementAndGet() > 1;
      atOnce.decrementAndGet();
    }

    @Actor
    public void end() {
      ended(trail);
    }

    @Actor
    public void endToo() {
      ended(trail);
    }

    @Arbiter
    public void arbiter(L_Result result) {
      boolean counted = trail.kept() >= 1 && trail.kept() + trail.lost() == 2;
      long before = trail.kept();
      ended(trail);
      boolean room = trail.kept() == before + 1 && trail.pending() == 0 && !met;
      result.r1 = counted && room ? "ok" : before + " kept, " + trail.lost() + " lost";
    }
  }

  /**
   * A record is stored while a caller waits for that. The caller is notified once, and not earlier.
   */
  @JCStressTest
  @Outcome(id = "ok", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class KeepAndFlush {
    private final Sinks.Empty<Void> disk = Sinks.empty();
    private final AuditTrail trail = AuditTrail.builder("f", entry -> disk.asMono()).build();
    private final AtomicLong keptAtFlush = new AtomicLong(-1);

    public KeepAndFlush() {
      ended(trail);
    }

    @Actor
    public void keep() {
      disk.tryEmitEmpty();
    }

    @Actor
    public void flush() {
      trail.flush().subscribe(null, null, () -> keptAtFlush.set(trail.kept()));
    }

    @Arbiter
    public void arbiter(L_Result result) {
      result.r1 = keptAtFlush.get() == 1 ? "ok" : keptAtFlush + " kept at the flush";
    }
  }
}
