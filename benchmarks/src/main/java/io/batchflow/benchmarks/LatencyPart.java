package io.batchflow.benchmarks;

import io.batchflow.benchmarks.LatencyRun.Load;
import io.batchflow.benchmarks.LatencyRun.Taken;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** Measures how long single rows take at several rates, compared with single writes. */
final class LatencyPart implements Part {

  private static final int QUIET = 1_000;
  private static final int MODERATE = 5_000;
  private static final int BUSY = 20_000;
  private static final int BUSIEST = 60_000;

  private final @Nullable Load only;

  /** Measures at the load of the run, quick or thorough. */
  LatencyPart() {
    this.only = null;
  }

  /** Always measures this load, on all backends. */
  LatencyPart(Load only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String about() {
    return "how long single rows take at 500 to 60,000 rows/s, compared with single writes";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Load load = only != null ? only : quick ? Load.QUICK : Load.THOROUGH;
    List<Figure> figures = new ArrayList<>();
    try {
      figures.addAll(postgres(load, out));
      if (!load.equals(Load.QUICK)) {
        figures.addAll(mariaDb(load, out));
        figures.addAll(sqlite(load, out));
        figures.addAll(redis(load, out));
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The latency part failed", failure);
    }
    return figures;
  }

  private static List<Figure> postgres(Load load, PrintWriter out) throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      PostgresContests.table(beside);
      ConnectionFactory factory = PostgresContests.factory(database.server());
      return run("PostgreSQL", sql(factory, PostgresContests.INSERT_ROW), load, out);
    }
  }

  private static List<Figure> mariaDb(Load load, PrintWriter out) throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.mariaDb());
        Connection beside = database.connect()) {
      new EventsTable(beside, '`', "DOUBLE", List.of());
      ConnectionFactory factory =
          ConnectionFactories.get(database.server().r2dbcUrl("mariadb", null));
      return run("MariaDB", sql(factory, Events.insert('`', 1)), load, out);
    }
  }

  private static List<Arrivals> sql(ConnectionFactory factory, String insert) {
    return List.of(
        LatencyTargets.single(factory, insert),
        LatencyTargets.flow(factory, false),
        LatencyTargets.flow(factory, true));
  }

  private static List<Figure> sqlite(Load load, PrintWriter out) throws Exception {
    Path file = Files.createTempFile("latency", ".db");
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    source.setJournalMode("WAL");
    source.setSynchronous("NORMAL");
    source.setBusyTimeout(10_000);
    try (Connection beside = source.getConnection()) {
      new EventsTable(beside, '"', "DOUBLE", List.of());
      List<Arrivals> ways =
          List.of(
              LatencyTargets.single(source),
              LatencyTargets.flow(source, false),
              LatencyTargets.flow(source, true));
      return run("SQLite", ways, load, out);
    } finally {
      for (String suffix : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(Path.of(file + suffix));
      }
    }
  }

  private static List<Figure> redis(Load load, PrintWriter out) throws Exception {
    TestServer server = TestServers.redis();
    String uri = "redis://" + server.host() + ":" + server.port();
    List<Arrivals> ways =
        List.of(
            LatencyTargets.single(uri),
            LatencyTargets.flow(uri, false),
            LatencyTargets.flow(uri, true));
    return run("Redis", ways, load, out);
  }

  private static List<Figure> run(String backend, List<Arrivals> ways, Load load, PrintWriter out)
      throws InterruptedException {
    try {
      List<Figure> figures = new ArrayList<>();
      new LatencyRun(backend, ways, load, out)
          .run()
          .forEach((rate, taken) -> figures.addAll(figures(backend, rate, taken)));
      return figures;
    } finally {
      ways.forEach(Arrivals::close);
    }
  }

  private static List<Figure> figures(String backend, int rate, Map<String, Taken> taken) {
    List<Figure> figures = new ArrayList<>();
    taken.forEach(
        (way, its) -> {
          Figure figure =
              new Figure("latency")
                  .with("backend", backend)
                  .with("rate", String.valueOf(rate))
                  .with("way", way.replace(' ', '_').replace(",", ""))
                  .with("p50_ms", its.p50())
                  .with("p99_ms", its.p99())
                  .with("p999_ms", its.p999())
                  .with("rows_per_write", its.batch())
                  .with("cpu_s_per_million", its.cpu())
                  .with("switches_per_row", its.switches());
          if (backend.equals("PostgreSQL") && way.equals(LatencyTargets.FLOW)) {
            bound(figure, rate, its, taken);
          }
          figures.add(figure);
        });
    return figures;
  }

  private static void bound(Figure figure, int rate, Taken flow, Map<String, Taken> taken) {
    switch (rate) {
      case QUIET -> {
        Taken single = Objects.requireNonNull(taken.get(LatencyTargets.SINGLE));
        figure
            .atMost("p50_to_single", flow.p50() / single.p50(), 1.3)
            .atMost("p99_to_single", flow.p99() / single.p99(), 1.5)
            .atMost("cpu_to_single", flow.cpu() / single.cpu(), 1.1);
      }
      case MODERATE -> {
        Taken single = Objects.requireNonNull(taken.get(LatencyTargets.SINGLE));
        figure
            .atMost("p50", flow.p50(), 1.5)
            .atMost("cpu_to_single", flow.cpu() / single.cpu(), 0.6);
      }
      case BUSY -> figure.atMost("cpu", flow.cpu(), 25).atMost("p99", flow.p99(), 10);
      case BUSIEST -> {
        Taken lingering = Objects.requireNonNull(taken.get(LatencyTargets.LINGERING));
        figure
            .atMost("p99", flow.p99(), 15)
            .atMost("cpu_to_lingering", flow.cpu() / lingering.cpu(), 1);
      }
      default -> {}
    }
  }
}
