package io.batchflow;

import static io.batchflow.Rows.event;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The close gives a sealed batch up whose task no thread of the scheduler has run. */
class NeverBegunTest {

  private static final Duration DELAY = Duration.ofMillis(10);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final BusyScheduler scheduler = new BusyScheduler();

  @Test
  void itsRowsAreNotSentAndNothingStaysInFlight() {
    BatchFlow flow =
        BatchFlow.builder(writer)
            .scheduler(scheduler)
            .defaultPolicy(BatchPolicy.builder().maxDelay(DELAY).lingerWhenIdle(true).build())
            .build();
    Rows.Probe<WriteResult> row = watch(flow.submit(event(1)));
    scheduler.tasksLeft = 1; // the pass of the engine that seals the batch
    time.advanceTimeBy(DELAY);
    scheduler.tasksLeft = Integer.MAX_VALUE;
    assertThat(flow.stats().inFlight()).isEqualTo(1);

    Rows.Probe<Void> closed = watch(flow.close(Duration.ofSeconds(5)));
    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(closed.completions).isEqualTo(1);
    assertThat(row.errors.get(0)).isInstanceOf(FlowClosedException.class).hasNoCause();
    assertThat(assertBalanced(flow).notSent()).isEqualTo(1);
    assertThat(writer.sizes()).isEmpty();
  }

  /** Runs timers, but only so many other tasks. */
  private final class BusyScheduler implements Scheduler {

    private int tasksLeft = Integer.MAX_VALUE;

    @Override
    public Disposable schedule(Runnable task) {
      return tasksLeft-- > 0 ? time.schedule(task) : Disposables.never();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
      return time.schedule(task, delay, unit);
    }

    @Override
    public long now(TimeUnit unit) {
      return time.now(unit);
    }

    @Override
    public Worker createWorker() {
      return time.createWorker();
    }
  }
}
