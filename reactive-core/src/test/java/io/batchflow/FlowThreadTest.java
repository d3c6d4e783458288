package io.batchflow;

import static io.batchflow.Rows.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** On which threads callers are told, and which threads a flow leaves behind. */
class FlowThreadTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final RecordingWriter writer = RecordingWriter.create();

  /** Returns the thread on which a submission is told its end. */
  private static Thread teller(Mono<WriteResult> submission) {
    AtomicReference<Thread> thread = new AtomicReference<>();
    submission
        .doOnTerminate(() -> thread.set(Thread.currentThread()))
        .onErrorComplete()
        .block(PATIENCE);
    return thread.get();
  }

  @Test
  void anOutcomeArrivesOnTheFlowsScheduler() {
    Scheduler scheduler = Schedulers.newSingle("teller");
    BatchFlow flow = BatchFlow.builder(writer).scheduler(scheduler).build();

    assertThat(teller(flow.submit(event(1))).getName()).startsWith("teller");

    writer.rejectingRows(row -> true);
    assertThat(teller(flow.submit(event(2))).getName()).startsWith("teller");
    flow.close().block(PATIENCE);
    scheduler.dispose();
  }

  @Test
  void aRowThatIsTurnedAwayAtOnceIsToldOnTheCallersThread() {
    BatchFlow flow =
        BatchFlow.builder(writer.hold())
            .defaultPolicy(BatchPolicy.builder().maxSize(1).overflow(Overflow.FAIL).build())
            .concurrency(1)
            .maxPending(1)
            .build();
    Mono<WriteResult> first = flow.submit(event(1)).cache();
    first.subscribe();

    assertThat(teller(flow.submit(event(2)))).isEqualTo(Thread.currentThread());

    writer.release();
    first.block(PATIENCE);
    flow.close().block(PATIENCE);
    assertThat(teller(flow.submit(event(3)))).isEqualTo(Thread.currentThread());
  }

  @Test
  void noThreadOfAFlowHoldsUpTheEndOfTheJvm() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    BatchFlow flow = BatchFlow.builder(writer).build();
    flow.submit(event(1)).block(PATIENCE);

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
    flow.close().block(PATIENCE);
  }
}
