package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.testservers.TcpProxy;
import io.batchflow.testservers.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/**
 * Plays random schedules of network faults, one for each seed: connections are cut, stalled, slowed
 * down and half closed, and answers are lost. Then compares every outcome with the table: a written
 * row must be in it, a rejected row must not, an unknown row may be.
 */
final class ProxyRuns {

  private static final int ROWS = 2_000;
  private static final int BATCH = 100;
  private static final int STEPS = 4;
  private static final int STEP_MILLIS = 150;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final FaultTarget target;
  private final Schema schema;
  private int nextId;
  private int wronglyReported;
  private int unanswered;
  private int written;
  private int unknown;
  private int rejected;

  /**
   * @param firstId the first unused id
   */
  ProxyRuns(FaultTarget target, ConflictStrategy strategy, int firstId) {
    this.target = target;
    this.schema = FaultTarget.schema(strategy);
    this.nextId = strategy == ConflictStrategy.FAIL ? firstId : 2 * firstId + 100_000_000;
  }

  Figure run(int schedules, PrintWriter out) throws IOException, SQLException {
    for (int seed = 0; seed < schedules; seed++) {
      int before = wronglyReported + unanswered;
      play(seed);
      if (wronglyReported + unanswered > before) {
        out.printf(
            "%s %s: seed %d has a wrong outcome%n", target.name(), schema.onConflict(), seed);
      }
    }
    out.printf(
        Locale.ROOT,
        "%-12s %s, seeds 0 to %d: %,d rows written, %,d rejected, %,d unknown; %d wrongly reported,"
            + " %d unanswered%n",
        target.name(),
        schema.onConflict(),
        schedules - 1,
        written,
        rejected,
        unknown,
        wronglyReported,
        unanswered);
    out.flush();
    return new Figure("faults")
        .with("fault", "proxy_" + schema.onConflict())
        .with("backend", target.name())
        .with("rows", String.valueOf(schedules * ROWS))
        .atMost("false", wronglyReported, 0)
        .atMost("unanswered", unanswered, 0);
  }

  private void play(int seed) throws IOException, SQLException {
    Random random = new Random(seed);
    Random pauses = new Random(~seed);
    TestServer server = target.server().server();
    int from = nextId;
    nextId += ROWS;
    try (TcpProxy proxy = TcpProxy.before(server.host(), server.port())) {
      BatchFlow flow =
          BatchFlow.builder(target.writer(proxy.port()))
              .defaultPolicy(BatchPolicy.builder().maxSize(BATCH).build())
              .retry(Retry.backoff(100, Duration.ofMillis(5)).maxBackoff(Duration.ofMillis(50)))
              .writeTimeout(Duration.ofMillis(500))
              .writeGrace(Duration.ofMillis(200))
              .build();
      Thread faults = new Thread(() -> disturb(proxy, random), "faults");
      faults.start();
      List<Outcome<Row>> outcomes =
          Flux.range(from, ROWS)
              .map(id -> schema.row().set(0, (long) id).set(1, FaultTarget.value(id)).tag(id))
              // Pauses, so that rows are in flight as long as there are faults.
              .delayUntil(id -> pauses.nextInt(50) == 0 ? pause() : Flux.empty())
              .transform(flow::submitAll)
              .collectList()
              .block(PATIENCE);
      flow.close().onErrorComplete().block(PATIENCE);
      judge(Objects.requireNonNull(outcomes, "outcomes"), from);
    }
  }

  static Flux<Long> pause() {
    return Flux.interval(Duration.ofMillis(10)).take(1);
  }

  /** Plays a few faults in turn and heals the proxy at the end. */
  static void disturb(TcpProxy proxy, Random random) {
    try {
      for (int step = 0; step < STEPS; step++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(STEP_MILLIS));
        switch (random.nextInt(6)) {
          case 0 -> proxy.cut();
          case 1 -> proxy.stall(true);
          case 2 -> proxy.slowBy(random.nextInt(20));
          case 3 -> proxy.swallowAnswers(true);
          case 4 -> proxy.halfClose();
          default -> proxy.refuse(true);
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(STEP_MILLIS));
        if (random.nextBoolean()) {
          proxy.cut();
        }
        proxy.heal();
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } finally {
      proxy.heal();
    }
  }

  private void judge(List<Outcome<Row>> outcomes, int from) throws SQLException {
    BitSet stored = target.stored(from, from + ROWS);
    unanswered += ROWS - outcomes.size();
    for (Outcome<Row> outcome : outcomes) {
      boolean there = stored.get((int) Objects.requireNonNull(outcome.row().tag(), "tag"));
      switch (outcome.status()) {
        case WRITTEN -> {
          written++;
          wronglyReported += there ? 0 : 1;
        }
        case REJECTED, INVALID, NOT_SENT -> {
          rejected++;
          wronglyReported += there ? 1 : 0;
        }
        case UNKNOWN -> unknown++;
      }
    }
  }
}
