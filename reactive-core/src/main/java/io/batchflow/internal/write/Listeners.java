package io.batchflow.internal.write;

import io.batchflow.Batch;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchListener;
import io.batchflow.BatchResult;
import io.batchflow.FlowView;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.control.TableOperation;
import io.batchflow.internal.lane.InFlightBatch;
import io.batchflow.internal.lane.Submission;
import io.batchflow.internal.log.FlowLog;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.util.context.ContextView;

/** Calls all listeners in order. Exceptions of listeners are logged and ignored. */
public final class Listeners {

  private final List<BatchListener> listeners;
  private final FlowLog log;

  public Listeners(List<BatchListener> listeners, FlowLog log) {
    this.listeners = List.copyOf(listeners);
    this.log = log;
  }

  boolean isEmpty() {
    return listeners.isEmpty();
  }

  public void started(FlowView flow) {
    each(listener -> listener.onStarted(flow));
  }

  public void turnedAway(
      Row row, BatchFlowException reason, Supplier<? extends ContextView> context) {
    each(listener -> listener.onTurnedAway(row, reason, context.get()));
  }

  void sealed(InFlightBatch inFlight) {
    if (!isEmpty()) {
      Duration oldest =
          Duration.ofNanos(Math.max(0, inFlight.sealedAt - inFlight.submittedFirst()));
      each(
          listener ->
              listener.onSealed(inFlight.schema(), inFlight.size(), inFlight.reason, oldest));
    }
  }

  void written(Batch batch, BatchResult result, int attempts, Duration took) {
    each(listener -> listener.onWritten(batch, result, attempts, took));
  }

  void failed(Batch batch, BatchFlowException error, int attempts, Duration took) {
    each(listener -> listener.onFailed(batch, error, attempts, took));
  }

  /** Reports the written rows of a batch in one call. */
  public void durable(InFlightBatch inFlight) {
    if (isEmpty()) {
      return;
    }
    int rows = 0;
    long longest = 0;
    for (Submission row : inFlight.rows()) {
      if (row.error() == null) {
        rows++;
        long queued = row.queuedNanos(inFlight.sealedAt);
        longest = Math.max(longest, queued + row.write().nanos());
      }
    }
    if (rows > 0) {
      int written = rows;
      Duration took = Duration.ofNanos(longest);
      each(listener -> listener.onDurable(inFlight.schema(), written, took));
    }
  }

  void retry(Batch batch, int attempt, Throwable failure) {
    each(listener -> listener.onRetry(batch, attempt, failure));
  }

  void split(Batch batch, Throwable failure) {
    each(listener -> listener.onSplit(batch, failure));
  }

  public void ended(Submission submission) {
    BatchFlowException error = submission.error();
    if (error != null && !isEmpty()) {
      Outcome<Row> outcome = Outcome.failed(submission.row, error);
      each(listener -> listener.onNotWritten(outcome, submission.caller().currentContext()));
    }
  }

  public void operated(TableOperation operation, ContextView context) {
    each(listener -> listener.onTableOperation(operation, context));
  }

  private void each(Consumer<BatchListener> call) {
    for (BatchListener listener : listeners) {
      try {
        call.accept(listener);
      } catch (Throwable failure) {
        log.listenerFailed(failure);
      }
    }
  }
}
