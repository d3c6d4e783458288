package io.batchflow.benchmarks;

import io.batchflow.coalesce.BatchHandler;
import io.batchflow.coalesce.Coalescer;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Look-ups by key of many callers on PostgreSQL: a statement for each, or a {@link Coalescer}. And
 * messages that leave with a transaction: an outbox, or a queue by hand. And messages in Redis.
 */
final class MessagesPart implements Part {

  /**
   * How much is measured.
   *
   * @param rounds after a first one that is not counted
   * @param redis how many messages go to Redis
   */
  record Load(int rounds, Duration length, QueueRows.Load queues, int redis) {

    static final Load THOROUGH =
        new Load(5, Duration.ofSeconds(3), new QueueRows.Load(200_000, 30_000, 1_000), 200_000);

    static final Load QUICK =
        new Load(3, Duration.ofSeconds(1), new QueueRows.Load(40_000, 5_000, 1_000), 40_000);
  }

  private static final int CALLERS = 256;
  private static final int SINGLE_CONNECTIONS = 10;
  private static final int CONNECTIONS = 4;
  private static final long ITEMS = 10_000;
  private static final String ONE = "SELECT id, item FROM items WHERE id = $1";
  private static final String MANY = "SELECT id, item FROM items WHERE id = ANY($1)";

  private final Load thorough;

  MessagesPart() {
    this(Load.THOROUGH);
  }

  MessagesPart(Load thorough) {
    this.thorough = thorough;
  }

  @Override
  public String name() {
    return "messages";
  }

  @Override
  public String about() {
    return "a coalescer beside a statement a call, an outbox beside a queue by hand, and messages"
        + " in Redis";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        java.sql.Connection beside = database.connect()) {
      fill(beside);
      Load load = quick ? Load.QUICK : thorough;
      ConnectionFactory factory = PostgresContests.factory(database.server());
      List<Figure> figures = new ArrayList<>(run(factory, load, out));
      figures.addAll(queues(load.queues(), out));
      try (RedisMessages redis = new RedisMessages(load.redis(), out)) {
        figures.addAll(redis.run());
      }
      return figures;
    } catch (SQLException | IOException | InterruptedException failure) {
      throw new IllegalStateException("The messages part failed", failure);
    }
  }

  /** On a server that counts its statements. */
  private static List<Figure> queues(QueueRows.Load load, PrintWriter out)
      throws IOException, InterruptedException {
    try (PostgresProcess server =
        PostgresProcess.start(
            Files.createTempDirectory("messages"),
            Map.of("shared_preload_libraries", "pg_stat_statements"))) {
      return new QueueRows(PostgresContests.factory(server.server()), load, out).run();
    }
  }

  private static void fill(java.sql.Connection beside) throws SQLException {
    try (Statement statement = beside.createStatement()) {
      statement.execute("CREATE TABLE items (id BIGINT PRIMARY KEY, item TEXT NOT NULL)");
      statement.execute(
          "INSERT INTO items SELECT id, 'item ' || id FROM generate_series(1, "
              + ITEMS
              + ") AS id");
      statement.execute("VACUUM ANALYZE items");
    }
  }

  private static List<Figure> run(ConnectionFactory factory, Load load, PrintWriter out) {
    ConnectionPool singles = R2dbcLoop.pool(factory, SINGLE_CONNECTIONS);
    ConnectionPool batches = R2dbcLoop.pool(factory, CONNECTIONS);
    Coalescer<Long, Long> coalescer =
        Coalescer.<Long, Long>builder("items.find", BatchHandler.lookup(ids -> many(batches, ids)))
            .shareEqualCalls(true)
            .build();
    CallLoop single = new CallLoop(CALLERS, ITEMS, id -> one(singles, id));
    CallLoop coalesced = new CallLoop(CALLERS, ITEMS, coalescer::send);
    List<CallLoop.Measured> ofSingle = new ArrayList<>();
    List<CallLoop.Measured> ofCoalesced = new ArrayList<>();
    for (int round = 0; round <= load.rounds(); round++) {
      ofSingle.add(single.run(load.length()));
      ofCoalesced.add(coalesced.run(load.length()));
    }
    coalescer.close().then(singles.disposeLater()).then(batches.disposeLater()).block();
    return figures(
        ofSingle.subList(1, ofSingle.size()), ofCoalesced.subList(1, ofCoalesced.size()), out);
  }

  private static Mono<Long> one(ConnectionPool pool, long id) {
    return query(pool, connection -> connection.createStatement(ONE).bind("$1", id)).next();
  }

  private static Mono<Map<Long, Long>> many(ConnectionPool pool, List<Long> ids) {
    Long[] array = ids.toArray(Long[]::new);
    return query(pool, connection -> connection.createStatement(MANY).bind("$1", array))
        .collectMap(id -> id);
  }

  private static Flux<Long> query(
      ConnectionPool pool, Function<Connection, io.r2dbc.spi.Statement> statement) {
    return Flux.usingWhen(
        pool.create(),
        connection ->
            Flux.from(statement.apply(connection).execute())
                .flatMap(result -> result.map(MessagesPart::idOf)),
        Connection::close);
  }

  private static Long idOf(Readable row) {
    return Objects.requireNonNull(row.get("id", Long.class));
  }

  private static List<Figure> figures(
      List<CallLoop.Measured> single, List<CallLoop.Measured> coalesced, PrintWriter out) {
    out.printf("%nPostgreSQL, %d callers, look-ups by key%n", CALLERS);
    double times =
        median(coalesced, CallLoop.Measured::callsPerSecond)
            / median(single, CallLoop.Measured::callsPerSecond);
    double p99 = median(single, round -> round.millis(99));
    return List.of(
        figure("a_statement_a_call", single, out),
        figure("coalescer", coalesced, out)
            .atLeast("times_a_statement_a_call", times, 10)
            .atMost("p99_ms", median(coalesced, round -> round.millis(99)), p99));
  }

  private static Figure figure(String way, List<CallLoop.Measured> rounds, PrintWriter out) {
    double calls = median(rounds, CallLoop.Measured::callsPerSecond);
    double p50 = median(rounds, round -> round.millis(50));
    double p99 = median(rounds, round -> round.millis(99));
    out.printf(
        Locale.ROOT, "%-20s %,12.0f calls/s  p50 %8.2f ms  p99 %8.2f ms%n", way, calls, p50, p99);
    out.flush();
    return new Figure("messages")
        .with("backend", "PostgreSQL")
        .with("way", way)
        .with("callers", String.valueOf(CALLERS))
        .with("calls_s", calls)
        .with("p50_ms", p50)
        .with("p99_ms", p99)
        .none("wrong", rounds.stream().mapToLong(CallLoop.Measured::wrong).sum());
  }

  private static double median(
      List<CallLoop.Measured> rounds, ToDoubleFunction<CallLoop.Measured> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
