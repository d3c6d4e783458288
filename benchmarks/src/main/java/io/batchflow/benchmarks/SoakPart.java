package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.stats.FlowStats;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.TcpProxy;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** Writes to PostgreSQL for a long time over a network that fails. Checks that nothing grows. */
final class SoakPart implements Part {

  private static final int IDS = 1_000_000;
  private static final int SAMPLES = 30;
  private static final int WARM_UP = SAMPLES / 6;
  private static final double MOST_GROWTH = 1.25;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final @Nullable Duration only;

  SoakPart() {
    this.only = null;
  }

  SoakPart(Duration time) {
    this.only = time;
  }

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public String about() {
    return "heap, threads and connections during half an hour of random network faults";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Duration time = only != null ? only : Duration.ofMinutes(quick ? 2 : 30);
    try {
      Path directory = Files.createTempDirectory("soak");
      try (FaultTarget target =
              SqlFaultTarget.overR2dbc(
                  "PostgreSQL", PostgresProcess.start(directory), "postgresql", "postgresql");
          TcpProxy proxy =
              TcpProxy.before(target.server().server().host(), target.server().server().port())) {
        return List.of(soak((SqlFaultTarget) target, proxy, time, out));
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The soak part failed", failure);
    }
  }

  private static Figure soak(SqlFaultTarget target, TcpProxy proxy, Duration time, PrintWriter out)
      throws SQLException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Thread faults = new Thread(() -> disturb(proxy, over), "faults");
    faults.start();
    BatchFlow flow =
        BatchFlow.builder(target.writer(proxy.port()))
            .retry(Retry.backoff(100_000, Duration.ofMillis(5)).maxBackoff(Duration.ofMillis(100)))
            .writeTimeout(Duration.ofSeconds(1))
            .writeGrace(Duration.ofMillis(200))
            .build();
    Schema schema = FaultTarget.schema(ConflictStrategy.UPDATE);
    BitSet written = new BitSet();
    List<Sample> samples = new ArrayList<>();
    out.printf("%8s %12s %10s %8s %12s%n", "minute", "rows", "heap MB", "threads", "connections");
    Mono<Void> load =
        Flux.range(0, Integer.MAX_VALUE)
            .map(i -> row(schema, i % IDS))
            .takeUntilOther(Mono.delay(time))
            .transform(flow::submitAll)
            .doOnNext(outcome -> note(outcome, written))
            .then()
            .cache();
    load.subscribe();
    Flux.interval(time.dividedBy(SAMPLES + 1L), Schedulers.boundedElastic())
        .take(SAMPLES)
        .doOnNext(
            tick -> {
              samples.add(Sample.take(connections(target)));
              print(out, time.multipliedBy(tick + 1).dividedBy(SAMPLES), flow, samples);
            })
        .blockLast();
    load.block(time.plus(PATIENCE));
    over.set(true);
    faults.join();
    FlowStats stats = flow.stats();
    flow.close().block(PATIENCE);

    written.andNot(target.stored(0, IDS));
    List<Sample> warm = samples.subList(WARM_UP, samples.size());
    return new Figure("soak")
        .with("seconds", String.valueOf(time.toSeconds()))
        .with("rows", String.valueOf(stats.ledger().admitted()))
        .with("retries", String.valueOf(stats.retries()))
        .atMost("heap_growth", Sample.growth(warm, Sample::megabytes), MOST_GROWTH)
        .atMost("threads_growth", Sample.growth(warm, Sample::threads), MOST_GROWTH)
        .atMost("connections_growth", Sample.growth(warm, s -> s.connections() + 10), MOST_GROWTH)
        .atMost("not_written", (double) stats.ledger().admitted() - stats.ledger().written(), 0)
        .atMost("false", written.cardinality(), 0);
  }

  private static void disturb(TcpProxy proxy, AtomicBoolean over) {
    Random random = new Random(1);
    while (!over.get()) {
      ProxyRuns.disturb(proxy, random);
    }
  }

  private static Row row(Schema schema, int id) {
    return schema.row().set(0, (long) id).set(1, FaultTarget.value(id)).tag(id);
  }

  private static void note(Outcome<Row> outcome, BitSet written) {
    if (outcome.isWritten()) {
      written.set((int) Objects.requireNonNull(outcome.row().tag(), "tag"));
    }
  }

  private static int connections(SqlFaultTarget target) {
    try (Connection connection = DriverManager.getConnection(target.table().jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
      return count.next() ? count.getInt(1) : 0;
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void print(PrintWriter out, Duration at, BatchFlow flow, List<Sample> samples) {
    Sample last = samples.get(samples.size() - 1);
    out.printf(
        Locale.ROOT,
        "%8.1f %,12d %10.1f %8d %12d%n",
        at.toMillis() / 60e3,
        flow.stats().ledger().written(),
        last.megabytes(),
        last.threads(),
        last.connections());
    out.flush();
  }
}
