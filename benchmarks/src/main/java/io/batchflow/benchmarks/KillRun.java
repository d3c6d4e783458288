package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.stats.Ledger;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Locale;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Writes rows, kills the server repeatedly, and compares every outcome with the table. */
final class KillRun {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final FaultTarget target;
  private final FaultsPart.Size size;
  private final BitSet written = new BitSet();
  private final BitSet ended = new BitSet();
  private final Scheduler killer = Schedulers.newBoundedElastic(1, 100, "killer", 60, true);
  private int rejected;
  private int unknown;
  private double seconds;

  KillRun(FaultTarget target, FaultsPart.Size size) {
    this.target = target;
    this.size = size;
  }

  void go() {
    BatchFlow flow =
        BatchFlow.builder(target.writer(target.server().server().port()))
            .retry(Retry.backoff(1_000, Duration.ofMillis(10)).maxBackoff(Duration.ofMillis(250)))
            .writeTimeout(Duration.ofSeconds(10))
            .build();
    Schema schema = FaultTarget.schema(ConflictStrategy.UPDATE);
    int every = size.rows() / (size.kills() + 1);
    long start = System.nanoTime();
    flow.submitAll(Flux.range(0, size.rows()).map(id -> row(schema, id)))
        .doOnNext(
            outcome -> {
              note(outcome);
              int count = ended.cardinality();
              if (count % every == 0 && count / every <= size.kills()) {
                killer.schedule(this::killAndRestart);
              }
            })
        .blockLast(PATIENCE);
    seconds = (System.nanoTime() - start) / 1e9;
    Ledger ledger = flow.stats().ledger();
    flow.close().block(PATIENCE);
    killer.disposeGracefully().block(PATIENCE);
    if (!ledger.isBalanced()) {
      throw new IllegalStateException("The ledger is not balanced: " + ledger);
    }
  }

  private static Row row(Schema schema, int id) {
    return schema.row().set(0, (long) id).set(1, FaultTarget.value(id)).tag(id);
  }

  private void note(Outcome<Row> outcome) {
    int id = (int) Objects.requireNonNull(outcome.row().tag(), "tag");
    if (ended.get(id)) {
      throw new IllegalStateException("A row has two outcomes");
    }
    ended.set(id);
    switch (outcome.status()) {
      case WRITTEN -> written.set(id);
      case UNKNOWN -> unknown++;
      case REJECTED, INVALID, NOT_SENT -> rejected++;
    }
  }

  private void killAndRestart() {
    try {
      target.server().kill();
      target.server().restart();
    } catch (IOException failure) {
      throw new IllegalStateException("The server did not come back", failure);
    }
  }

  /** Counts rows that are lost, wrongly reported or unanswered. */
  Figure report(PrintWriter out) throws SQLException {
    BitSet stored = target.stored(0, size.rows());
    BitSet wronglyReported = (BitSet) written.clone();
    wronglyReported.andNot(stored);
    int lost = size.rows() - stored.cardinality();
    int unanswered = size.rows() - ended.cardinality();
    out.printf(
        Locale.ROOT,
        "%-12s %,d rows, %d kills, %.1f s: %d lost, %d wrongly reported, %d unanswered, %d unknown,"
            + " %d rejected%n",
        target.name(),
        size.rows(),
        size.kills(),
        seconds,
        lost,
        wronglyReported.cardinality(),
        unanswered,
        unknown,
        rejected);
    out.flush();
    return new Figure("faults")
        .with("fault", "kill")
        .with("backend", target.name())
        .with("rows", String.valueOf(size.rows()))
        .atMost("lost", lost, 0)
        .atMost("false", wronglyReported.cardinality(), 0)
        .atMost("unanswered", unanswered, 0)
        .atMost("unknown", unknown, 0)
        .atMost("rejected", rejected, 0);
  }
}
