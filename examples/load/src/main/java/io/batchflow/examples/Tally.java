package io.batchflow.examples;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchWriteException;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts the outcomes of a load. */
final class Tally {

  private final Rejections rejections = new Rejections();
  private final Histogram micros = new Histogram(3);
  private long given;
  private long lost;
  private @Nullable String failure;
  private Duration elapsed = Duration.ZERO;
  private long batches;

  /** Counts one outcome. Must not be called concurrently. */
  void add(Outcome<Row> outcome) {
    given++;
    WriteResult result = outcome.result();
    BatchFlowException error = outcome.error();
    if (result != null) {
      micros.recordValue(result.queued().plus(result.written()).toNanos() / 1_000);
    } else if (error instanceof BatchWriteException) {
      failure = Reason.of(error);
      lost++;
    } else if (error != null) {
      rejections.add((Long) Objects.requireNonNull(outcome.row().tag()), Reason.of(error));
    }
  }

  void end(Duration elapsed, long batches) {
    this.elapsed = elapsed;
    this.batches = batches;
  }

  Rejections rejections() {
    return rejections;
  }

  /** Returns why the database accepts no rows at all; null if it does. */
  @Nullable String failure() {
    return failure;
  }

  /** Returns the number of rows that are stored, rejected or lost. */
  long ended() {
    return stored() + rejections.count() + lost;
  }

  /** Returns the number of rows that are stored. */
  long stored() {
    return micros.getTotalCount();
  }

  Duration elapsed() {
    return elapsed;
  }

  double rowsPerSecond() {
    return stored() / Math.max(elapsed.toNanos() / 1e9, 1e-9);
  }

  long batches() {
    return batches;
  }

  double meanBatchSize() {
    return batches == 0 ? 0 : (double) given / batches;
  }

  /** Returns a percentile of the time from submit to durable. */
  double millisAt(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }
}
