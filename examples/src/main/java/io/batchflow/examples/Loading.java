package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.FlowStats;
import io.batchflow.Outcome;
import io.batchflow.Request;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.Objects;
import me.tongfei.progressbar.ProgressBar;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Rows go through a flow, every outcome is counted, and the flow is closed. */
final class Loading {

  private final BatchFlow flow;
  private final ProgressBar progress;
  private final Refusals refusals;
  private final Histogram micros = new ConcurrentHistogram(3);
  private long started;
  private long ended;

  Loading(BatchFlow flow, ProgressBar progress, Refusals refusals) {
    this.flow = flow;
    this.progress = progress;
    this.refusals = refusals;
  }

  /** Loads all rows; the flow is closed afterwards, whatever happens. */
  void run(Flux<Request> rows) {
    Thread onInterrupt = new Thread(() -> flow.close().block());
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    started = System.nanoTime();
    try {
      flow.submitAll(rows).doOnNext(this::count).blockLast();
    } finally {
      flow.close().block();
      ended = System.nanoTime();
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
  }

  private void count(Outcome outcome) {
    progress.step();
    WriteResult result = outcome.result();
    if (result != null) {
      micros.recordValue(result.queued().plus(result.written()).toNanos() / 1_000);
    } else {
      long line = (Long) Objects.requireNonNull(outcome.request().tag());
      refusals.add(line, reason(outcome.error()));
    }
  }

  /** The database's own words, where there are any. */
  private static String reason(@Nullable BatchFlowException error) {
    Throwable reason = Objects.requireNonNull(error);
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
  }

  FlowStats stats() {
    return flow.stats();
  }

  Duration elapsed() {
    return Duration.ofNanos(ended - started);
  }

  /** Returns the time that this share of rows took from submission to durable, at most. */
  Duration percentile(double percent) {
    return Duration.ofNanos(micros.getValueAtPercentile(percent) * 1_000);
  }
}
