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
 * Writes a sealed batch until each of its rows has an outcome: with a {@link RetryingWriter}, and
 * with a {@link SplitWrite} if a row is bad. Runs on the flow's scheduler, so that no user code
 * runs on the engine's or a driver's thread.
 */
public final class WritePath {

  public final DeadLetterSink letters;
  public final BackendHealth backend;

  private final FailureMeaning failures;
  private final TimedWrite write;
  private final RetryPolicy retry;
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
    this.failures = new FailureMeaning(config.classifier, config.writer);
    this.write = new TimedWrite(config, failures, backend, clock);
    this.ends = new SliceEnds(listeners, backend, clock);
    this.retry = new RetryPolicy(config, new RetryBudget(config, clock), listeners, slots);
    LostWrites lost = new LostWrites(config, clock, log);
    this.writer = new RetryingWriter(write, lost, new PartialResults(failures, ends), retry);
    this.listeners = listeners;
    this.events = events;
  }

  /** Writes a batch and posts it once all its rows have ended. The write is never cancelled. */
  public void start(InFlightBatch inFlight) {
    Consumer<Throwable> broken = thrown -> broken(inFlight, thrown);
    inFlight.runsOn(scheduler.handling(broken));
    try {
      listeners.sealed(inFlight);
      Mono.defer(() -> writeAll(inFlight))
          .then(Mono.defer(() -> letters.keep(inFlight)))
          .subscribe(
              nothing -> {}, failure -> finish(inFlight, failure), () -> finish(inFlight, null));
    } catch (Throwable thrown) {
      broken(inFlight, thrown);
    }
  }

  /** Ends the batch after an error that passed all operators. */
  private void broken(InFlightBatch inFlight, Throwable thrown) {
    backend.failed(inFlight.lane(), FailureKind.UNKNOWN, thrown);
    finish(inFlight, thrown);
  }

  /** Ends the timer of the writes. A write in flight still ends at its time limit. */
  public void close() {
    write.close();
  }

  /** Returns whether nothing of a batch was sent, and nothing ever will be. */
  public boolean withdraw(Batch batch) {
    return write.withdraw(batch);
  }

  /** Returns how many writes were retried. */
  public long retries() {
    return retry.retries.sum();
  }

  /** Returns how many writes were retried in slices. */
  public long splits() {
    return ends.splits.sum();
  }

  private void finish(InFlightBatch inFlight, @Nullable Throwable failure) {
    if (inFlight.settle()) {
      try {
        inFlight.endRest(failure);
      } finally {
        events.accept(inFlight);
      }
    }
  }

  /** Writes the whole batch first. Only if that fails are its rows handled one by one. */
  private Mono<Void> writeAll(InFlightBatch inFlight) {
    BatchSlice whole = BatchSlice.whole(inFlight, write.rule(inFlight.schema()));
    return writer
        .write(whole)
        .flatMap(result -> Mono.justOrEmpty(written(whole, result)))
        .onErrorResume(
            WriteFailure.class, failure -> Mono.just(splitWrite(inFlight).failed(whole, failure)))
        .onErrorResume(
            StaleKeysException.class, stale -> Mono.just(splitWrite(inFlight).sortAnew(whole)))
        .flatMap(SplitWrite::run);
  }

  /** Returns the write of the remaining rows; null if there are none. */
  private @Nullable SplitWrite written(BatchSlice whole, BatchResult result) {
    if (whole.isEmpty()) {
      return null;
    }
    if (!whole.isWhole() || !result.rejected().isEmpty()) {
      return splitWrite(whole.inFlight).written(whole, result);
    }
    whole.inFlight.written(ends.written(whole, result));
    return null;
  }

  private SplitWrite splitWrite(InFlightBatch inFlight) {
    return new SplitWrite(inFlight, writer, failures, write::rule, ends);
  }
}
