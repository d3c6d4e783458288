package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.FailureKind;
import io.batchflow.StaleKeysException;
import io.batchflow.internal.config.FlowConfig;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Slots;
import io.batchflow.internal.log.FlowLog;
import io.batchflow.internal.loop.Event;
import io.batchflow.internal.loop.EventLoop;
import io.batchflow.internal.loop.SafeScheduler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * From a sealed batch to an end for each of its rows: {@link RetryingWriter}, and a {@link
 * SplitWrite} where some row is bad. One batch is one {@code Mono}, so plain operators do. Runs on
 * the flow's scheduler: no user code on the engine's thread, none on a driver's.
 */
public final class WritePath {

  public final DeadLetterSink letters;
  public final BackendHealth backend;

  private final FailureMeaning failures;
  private final TimedWrite write;
  private final RetryingWriter writer;
  private final SliceEnds ends;
  private final SafeScheduler scheduler;
  private final Listeners listeners;
  private final Consumer<Event> events;

  public WritePath(
      FlowConfig config,
      EventLoop clock,
      Listeners listeners,
      FlowLog log,
      Slots slots,
      Consumer<Event> events) {
    this.letters = new DeadLetterSink(config, log);
    this.backend = new BackendHealth(config.scheduler, clock, log);
    this.scheduler = config.scheduler;
    LostWrites lost = new LostWrites(config, clock, log);
    this.failures = new FailureMeaning(config.classifier);
    this.write = new TimedWrite(config, failures);
    this.writer =
        new RetryingWriter(config, failures, write, clock, listeners, backend, lost, slots);
    this.listeners = listeners;
    this.ends = new SliceEnds(listeners, backend, clock);
    this.events = events;
  }

  /** Writes a batch, never cancelled, and posts it once all its rows have ended. */
  public void start(InFlightBatch delivery) {
    Consumer<Throwable> broken = thrown -> broken(delivery, thrown);
    delivery.runsOn(scheduler.handling(broken));
    try {
      listeners.sealed(delivery);
      Mono.defer(() -> writeAll(delivery))
          .then(Mono.defer(() -> letters.keep(delivery)))
          .subscribe(
              nothing -> {}, failure -> finish(delivery, failure), () -> finish(delivery, null));
    } catch (Throwable thrown) {
      broken(delivery, thrown);
    }
  }

  /** An error got past all operators, so that nothing else will end the batch. */
  private void broken(InFlightBatch delivery, Throwable thrown) {
    backend.failed(delivery.lane(), FailureKind.UNKNOWN, thrown);
    finish(delivery, thrown);
  }

  /** Returns whether nothing of a batch was sent, and nothing will be. */
  public boolean withdraw(Batch batch) {
    return write.withdraw(batch);
  }

  /** Returns how many writes were tried again. */
  public long retries() {
    return writer.retries.sum();
  }

  /** Returns how many writes were tried again in slices. */
  public long splits() {
    return ends.splits.sum();
  }

  private void finish(InFlightBatch delivery, @Nullable Throwable failure) {
    if (delivery.settle()) {
      try {
        delivery.endRest(failure);
      } finally {
        events.accept(delivery);
      }
    }
  }

  /** At first whole: only a batch that was not written whole is looked at row by row. */
  private Mono<Void> writeAll(InFlightBatch delivery) {
    BatchSlice whole = BatchSlice.whole(delivery, write.rule(delivery.schema()));
    return writer
        .write(whole)
        .flatMap(result -> Mono.justOrEmpty(written(whole, result)))
        .onErrorResume(
            WriteFailure.class, failure -> Mono.just(splitWrite(delivery).failed(whole, failure)))
        .onErrorResume(
            StaleKeysException.class, stale -> Mono.just(splitWrite(delivery).sortAnew(whole)))
        .flatMap(SplitWrite::run);
  }

  /** Returns what is to be done for rows that were not written; null if there are none. */
  private @Nullable SplitWrite written(BatchSlice whole, BatchResult result) {
    if (whole.isEmpty()) {
      return null;
    }
    if (!whole.isWhole() || !result.rejected().isEmpty()) {
      return splitWrite(whole.delivery).written(whole, result);
    }
    whole.delivery.written(ends.written(whole, result));
    return null;
  }

  private SplitWrite splitWrite(InFlightBatch delivery) {
    return new SplitWrite(delivery, writer, failures, write::rule, ends);
  }
}
