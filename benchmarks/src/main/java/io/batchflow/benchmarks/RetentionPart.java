package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.retention.Retention;
import io.batchflow.r2dbc.retention.RetentionListener;
import io.batchflow.r2dbc.retention.RetentionRule;
import io.batchflow.r2dbc.retention.RetentionRun;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Deletes the expired half of a table of PostgreSQL while rows arrive, and measures how long these
 * take, compared with the time before. The first run is cancelled in its middle.
 */
final class RetentionPart implements Part {

  /**
   * How much is measured.
   *
   * @param expired so many rows of the table have expired, and as many have not
   * @param rate rows that arrive per second
   * @param before for how many seconds they arrive before anything is deleted
   */
  record Load(int expired, int rate, int before) {

    static final Load THOROUGH = new Load(1_000_000, 20_000, 20);

    static final Load QUICK = new Load(200_000, 20_000, 8);
  }

  private static final Duration KEEP = Duration.ofDays(30);
  private static final int CONNECTIONS = 4;
  private static final int WARM_UP_SECONDS = 5;
  private static final double MILLIS = 1e6;
  private static final double MOST_TIMES = 2;

  private static final Schema SCHEMA =
      Schema.table("readings").columns("id", "device", "value", "created_at").build();

  private final Load thorough;

  RetentionPart() {
    this(Load.THOROUGH);
  }

  RetentionPart(Load thorough) {
    this.thorough = thorough;
  }

  @Override
  public String name() {
    return "retention";
  }

  @Override
  public String about() {
    return "how long rows take while a million others are deleted, on PostgreSQL";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Load load = quick ? Load.QUICK : thorough;
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      fill(beside, load.expired());
      ConnectionFactory factory = PostgresContests.factory(database.server());
      ConnectionPool pool = R2dbcLoop.pool(factory, CONNECTIONS);
      BatchFlow flow = BatchFlow.builder(R2dbcBatchWriter.create(pool)).build();
      try {
        return List.of(run(load, new Scene(factory, flow, beside), out));
      } finally {
        flow.close().then(pool.disposeLater()).block();
      }
    } catch (SQLException | InterruptedException failure) {
      throw new IllegalStateException("The retention part failed", failure);
    }
  }

  private static void fill(Connection beside, int expired) throws SQLException {
    try (Statement statement = beside.createStatement()) {
      statement.execute(
          "CREATE TABLE readings (id BIGINT PRIMARY KEY, device INT, value DOUBLE PRECISION,"
              + " created_at TIMESTAMPTZ NOT NULL)");
      // The ids of those that arrive are positive.
      statement.execute(
          "INSERT INTO readings SELECT -i, i % 1000, i, now() - CASE WHEN i <= "
              + expired
              + " THEN interval '40 days' ELSE interval '20 days' END + i * interval '1 ms'"
              + " FROM generate_series(1, "
              + 2L * expired
              + ") i");
      statement.execute("CREATE INDEX readings_created ON readings (created_at)");
      statement.execute("VACUUM ANALYZE readings");
    }
  }

  /** What a run works with. Rows that arrive have the next numbers. */
  private static final class Scene {

    private final ConnectionFactory factory;
    private final BatchFlow flow;
    private final Connection beside;
    private int arrived;

    private Scene(ConnectionFactory factory, BatchFlow flow, Connection beside) {
      this.factory = factory;
      this.flow = flow;
      this.beside = beside;
    }

    private Mono<?> store(int number) {
      return flow.submit(
          SCHEMA
              .row()
              .set(0, (long) number)
              .set(1, number % 1_000)
              .set(2, number * 0.5)
              .set(3, OffsetDateTime.now(ZoneOffset.UTC)));
    }

    /** Lets rows arrive second by second, at least for one. */
    private Histogram arrivals(int rate, BooleanSupplier goesOn) throws InterruptedException {
      Histogram all = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(2), 3);
      do {
        all.add(OpenLoop.run(this::store, arrived + 1, rate, rate).latency());
        arrived += rate;
      } while (goesOn.getAsBoolean());
      return all;
    }

    private Histogram arrivals(int rate, int seconds) throws InterruptedException {
      AtomicLong left = new AtomicLong(seconds);
      return arrivals(rate, () -> left.decrementAndGet() > 0);
    }

    private long count(String where) throws SQLException {
      try (Statement statement = beside.createStatement();
          ResultSet result =
              statement.executeQuery("SELECT COUNT(*) FROM readings WHERE " + where)) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private static Figure run(Load load, Scene scene, PrintWriter out)
      throws InterruptedException, SQLException {
    scene.arrivals(load.rate(), Math.min(WARM_UP_SECONDS, load.before()));
    Histogram before = scene.arrivals(load.rate(), load.before());
    AtomicLong deleted = new AtomicLong();
    CountDownLatch middle = new CountDownLatch(1);
    Retention retention =
        Retention.builder(scene.factory)
            .yieldTo(scene.flow)
            .listener(
                new RetentionListener() {
                  @Override
                  public void onBatch(String table, long rows, Duration took) {
                    if (deleted.addAndGet(rows) >= load.expired() / 3) {
                      middle.countDown();
                    }
                  }
                })
            .build();
    RetentionRule rule = RetentionRule.of("readings", "created_at", KEEP);
    long began = System.nanoTime();
    Disposable killed = retention.run(rule).subscribe();
    Histogram during = scene.arrivals(load.rate(), () -> middle.getCount() > 0);
    killed.dispose();
    long beforeKill = deleted.get();
    CompletableFuture<RetentionRun> rest = retention.run(rule).toFuture();
    during.add(scene.arrivals(load.rate(), () -> !rest.isDone()));
    double seconds = (System.nanoTime() - began) / 1e9;
    rest.join();
    double p99Before = before.getValueAtPercentile(99) / MILLIS;
    double p99During = during.getValueAtPercentile(99) / MILLIS;
    long kept = scene.count("id < 0 AND created_at >= now() - interval '25 days'");
    out.printf(
        Locale.ROOT,
        "%nPostgreSQL, %,d expired rows of %,d, while %,d rows/s arrive%np99 before %.2f ms, during"
            + " %.2f ms; deleted within %.1f s, %,d of them before a kill%n",
        load.expired(),
        2L * load.expired(),
        load.rate(),
        p99Before,
        p99During,
        seconds,
        beforeKill);
    return new Figure("retention")
        .with("backend", "PostgreSQL")
        .with("rate", String.valueOf(load.rate()))
        .with("p50_before_ms", before.getValueAtPercentile(50) / MILLIS)
        .with("p50_during_ms", during.getValueAtPercentile(50) / MILLIS)
        .with("p99_before_ms", p99Before)
        .with("p99_during_ms", p99During)
        .atMost("p99_times", p99During / p99Before, MOST_TIMES)
        .with("deleted_s", load.expired() / seconds)
        .atLeast("deleted_before_kill", (double) beforeKill, 1)
        .none("expired_left", scene.count("created_at < now() - interval '35 days'"))
        .none("younger_gone", load.expired() - kept + scene.arrived - scene.count("id > 0"));
  }
}
