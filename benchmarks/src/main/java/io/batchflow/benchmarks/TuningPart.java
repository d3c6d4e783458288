package io.batchflow.benchmarks;

import io.batchflow.BatchWriter;
import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.benchmarks.FlowWriting.RowMaker;
import io.batchflow.jdbc.JdbcBatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServer;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.sqlite.SQLiteDataSource;

/** Compares a table that tunes itself, from a bad start, with each setting of a small grid. */
final class TuningPart implements Part {

  /**
   * How much is measured.
   *
   * @param rows rows that a way writes in a round
   * @param settle how long the tuned flow writes before
   * @param rounds the number of measured rounds
   */
  record Load(int rows, Duration settle, int rounds) {

    static final Load THOROUGH = new Load(1_000_000, Duration.ofSeconds(20), 7);

    static final Load QUICK = new Load(200_000, Duration.ofSeconds(12), 3);
  }

  private static final List<Integer> SIZES = List.of(100, 1_000, 5_000);
  private static final int SLOTS = 4;
  private static final double OF_THE_BEST = 0.8;
  private static final double OF_THE_BEST_ON_THE_MODEL = 0.9;

  /** Shorter than the default, as a turn takes only a second or two. */
  private static final Duration PERIOD = Duration.ofMillis(200);

  private final Load thorough;

  TuningPart() {
    this(Load.THOROUGH);
  }

  TuningPart(Load thorough) {
    this.thorough = thorough;
  }

  @Override
  public String name() {
    return "tuning";
  }

  @Override
  public String about() {
    return "a table that tunes itself, compared with fixed sizes and slots";
  }

  /** What a flow writes, and where to. */
  private record Site(
      String name,
      Supplier<BatchWriter> writer,
      Schema schema,
      RowMaker maker,
      int slots,
      Contest.Target target,
      double least) {}

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Load load = quick ? Load.QUICK : thorough;
    Scale scale = new Scale(load.rows(), 0, 0, 0, 0, 1, load.rounds());
    Contest contest = new Contest("tuning", scale, out);
    List<Figure> figures = new ArrayList<>();
    try {
      figures.addAll(model(load, contest, out));
      figures.addAll(postgres(load, contest, out));
      figures.addAll(sqlite(load, contest, out));
      figures.addAll(redis(load, contest, out));
    } catch (Exception failure) {
      throw new IllegalStateException("The tuning part failed", failure);
    }
    return figures;
  }

  private static List<Figure> compare(Load load, Contest contest, PrintWriter out, Site site)
      throws Exception {
    List<FlowWriting> fixed = new ArrayList<>();
    try (TunedWriting tuned =
        new TunedWriting(site.writer().get(), site.schema(), site.maker(), site.slots(), PERIOD)) {
      List<Way> ways = new ArrayList<>();
      ways.add(new Way("tuned", load.rows(), 0, tuned));
      for (int size : SIZES) {
        for (int slots = 1; slots <= site.slots(); slots *= 2) {
          FlowWriting flow =
              FlowWriting.over(site.writer().get(), site.schema(), site.maker(), size, slots);
          fixed.add(flow);
          ways.add(new Way(size + " rows, " + slots + " slots", load.rows(), site.least(), flow));
        }
      }
      long end = System.nanoTime() + load.settle().toNanos();
      while (System.nanoTime() < end) {
        site.target().empty();
        tuned.write(load.rows());
      }
      List<Figure> figures =
          contest.run(
              site.name(),
              String.format(Locale.ROOT, "%,d rows, from 10 rows and 1 slot", load.rows()),
              site.target(),
              ways);
      out.println(tuned.describe());
      return figures;
    } finally {
      fixed.forEach(FlowWriting::close);
    }
  }

  private static List<Figure> model(Load load, Contest contest, PrintWriter out) throws Exception {
    ModelServer server = new ModelServer(Duration.ofMillis(5), Duration.ofNanos(10_000), 3);
    Schema schema = FlowWriting.events(ConflictStrategy.FAIL);
    Site site =
        new Site(
            "Model",
            server::writer,
            schema,
            FlowWriting::event,
            SLOTS,
            server,
            OF_THE_BEST_ON_THE_MODEL);
    List<Figure> figures = new ArrayList<>(compare(load, contest, out, site));
    ModelServer quick = new ModelServer(Duration.ofMillis(1), Duration.ofNanos(20_000), 3);
    try (TunedWriting tuned =
        new TunedWriting(
            quick.writer(), schema, FlowWriting::event, SLOTS, Duration.ofSeconds(1))) {
      figures.add(tuned.backOff(quick, load.settle()));
    }
    return figures;
  }

  private static List<Figure> postgres(Load load, Contest contest, PrintWriter out)
      throws Exception {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      EventsTable table = PostgresContests.table(beside);
      ConnectionPool pool = R2dbcLoop.pool(PostgresContests.factory(database.server()), SLOTS);
      Site site =
          new Site(
              "PostgreSQL",
              () -> R2dbcBatchWriter.create(pool),
              FlowWriting.events(ConflictStrategy.IGNORE),
              FlowWriting::event,
              SLOTS,
              table,
              OF_THE_BEST);
      try {
        return compare(load, contest, out, site);
      } finally {
        pool.disposeLater().block();
      }
    }
  }

  private static List<Figure> sqlite(Load load, Contest contest, PrintWriter out) throws Exception {
    Path directory = Files.createTempDirectory("benchmarks");
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + directory.resolve("events.db"));
    source.setJournalMode("WAL");
    source.setSynchronous("NORMAL");
    try (Connection beside = source.getConnection()) {
      EventsTable table =
          new EventsTable(
              beside,
              '"',
              "DOUBLE",
              List.of("DELETE FROM events", "PRAGMA wal_checkpoint(TRUNCATE)"));
      return compare(
          load,
          contest,
          out,
          new Site(
              "SQLite",
              () -> JdbcBatchWriter.create(source),
              FlowWriting.events(ConflictStrategy.FAIL),
              FlowWriting::event,
              2,
              table,
              OF_THE_BEST));
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static List<Figure> redis(Load load, Contest contest, PrintWriter out) throws Exception {
    TestServer server = TestServers.redis();
    String uri = "redis://" + server.host() + ":" + server.port();
    try (RedisLoops loops = new RedisLoops(uri, SIZES.get(0))) {
      return compare(
          load,
          contest,
          out,
          new Site(
              "Redis",
              () -> RedisLoops.writer(uri, ConflictStrategy.IGNORE),
              RedisLoops.texts(ConflictStrategy.IGNORE),
              RedisLoops::text,
              SLOTS,
              loops,
              OF_THE_BEST));
    }
  }
}
