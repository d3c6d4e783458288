package io.batchflow.benchmarks;

import io.batchflow.message.Message;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.Result;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Measures queues of messages on PostgreSQL. The server counts its statements. */
final class QueueRows {

  /**
   * How much is measured.
   *
   * @param backlog messages that wait when the publisher starts
   * @param arrivals transactions with a message that come at a fixed rate
   * @param rate transactions per second
   */
  record Load(int backlog, int arrivals, int rate) {}

  private static final int WRITERS = 8;
  private static final int BATCH = 1_000;
  private static final int KEYS = 1_000;
  private static final int DIGITS = 3;
  private static final double MOST_STATEMENTS = 3;
  private static final double MESSAGES_A_SECOND = 20_000;
  private static final double LATENCY_MILLIS = 20;
  private static final double COMMIT_TIMES = 1.05;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String STATEMENTS =
      "SELECT sum(calls)::bigint FROM pg_stat_statements WHERE query NOT LIKE '%stat_statements%'";
  private static final byte[] PAYLOAD = new byte[200];

  private final ConnectionFactory factory;
  private final ConnectionPool pool;
  private final Load load;
  private final PrintWriter out;
  private final AtomicLong business = new AtomicLong();

  QueueRows(ConnectionFactory factory, Load load, PrintWriter out) {
    this.factory = factory;
    this.pool = R2dbcLoop.pool(factory, WRITERS);
    this.load = load;
    this.out = out;
  }

  List<Figure> run() throws InterruptedException {
    out.printf("%nPostgreSQL, messages of committed transactions%n");
    run("CREATE EXTENSION pg_stat_statements");
    run("CREATE TABLE business (id BIGINT PRIMARY KEY)");
    try (MessageQueue outbox = new OutboxQueue(factory);
        MessageQueue byHand = new SkipLockedQueue(factory)) {
      arrivals(load.rate(), outbox, 0, number -> {});
      Histogram bare = arrivals(load.arrivals(), outbox, 0, number -> {});
      Figure ours = ours(measured(outbox), bare);
      Figure peer = figure(measured(byHand), bare);
      return List.of(ours, peer);
    } finally {
      pool.disposeLater().block(PATIENCE);
    }
  }

  /**
   * What was measured of a queue.
   *
   * @param plain a backlog
   * @param held a backlog under an old snapshot
   * @param latency from commit to publication, in nanoseconds
   * @param commits of the transactions, in nanoseconds
   */
  private record Measured(
      String queue, Drained plain, Drained held, Histogram latency, Histogram commits) {

    double latencyMillis(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1e6;
    }

    double commitTimes(Histogram bare) {
      return commits.getValueAtPercentile(50) / (double) bare.getValueAtPercentile(50);
    }
  }

  private record Drained(double messagesPerSecond, double statementsPer100) {}

  private Measured measured(MessageQueue queue) throws InterruptedException {
    Drained plain = drain(queue);
    Drained held = drainUnderSnapshot(queue);
    run("VACUUM " + queue.table());
    Histogram latency = new ConcurrentHistogram(DIGITS);
    return new Measured(queue.name(), plain, held, latency, arrivalsAt(queue, latency));
  }

  private Figure ours(Measured measured, Histogram bare) {
    return figure(measured, bare)
        .atLeast("messages_s", measured.plain().messagesPerSecond(), MESSAGES_A_SECOND)
        .atMost("statements_per_100", measured.plain().statementsPer100(), MOST_STATEMENTS)
        .atMost("p50_ms", measured.latencyMillis(50), LATENCY_MILLIS)
        .atMost("commit_times", measured.commitTimes(bare), COMMIT_TIMES);
  }

  private Figure figure(Measured measured, Histogram bare) {
    double rate = measured.plain().messagesPerSecond();
    double held = measured.held().messagesPerSecond();
    double statements = measured.plain().statementsPer100();
    double p50 = measured.latencyMillis(50);
    double p99 = measured.latencyMillis(99);
    double commits = measured.commitTimes(bare);
    out.printf(
        Locale.ROOT,
        "%-20s %,10.0f messages/s  %,10.0f under an old snapshot  %5.2f statements per 100"
            + "  commit to publish p50 %5.1f ms  p99 %5.1f ms  commits %.2f times as long%n",
        measured.queue(),
        rate,
        held,
        statements,
        p50,
        p99,
        commits);
    out.flush();
    return new Figure("messages")
        .with("backend", "PostgreSQL")
        .with("way", measured.queue())
        .with("messages_s", rate)
        .with("messages_s_under_snapshot", held)
        .with("statements_per_100", statements)
        .with("p50_ms", p50)
        .with("p99_ms", p99)
        .with("commit_times", commits);
  }

  private Drained drain(MessageQueue queue) throws InterruptedException {
    Histogram ignored = new ConcurrentHistogram(DIGITS);
    Flux.range(0, load.backlog() / BATCH)
        .flatMap(i -> transaction(i * BATCH, BATCH, queue, ignored, number -> {}), WRITERS)
        .blockLast(PATIENCE);
    CountDownLatch left = new CountDownLatch(load.backlog());
    long before = statements();
    long start = System.nanoTime();
    queue.start(batch -> batch.forEach(message -> left.countDown()));
    await(left);
    double seconds = (System.nanoTime() - start) / 1e9;
    double statements = statements() - before;
    queue.stop();
    return new Drained(load.backlog() / seconds, statements * 100 / load.backlog());
  }

  /** The database keeps deleted rows, as a long query might still have to see them. */
  private Drained drainUnderSnapshot(MessageQueue queue) throws InterruptedException {
    Connection old = Mono.from(factory.create()).blockOptional(PATIENCE).orElseThrow();
    Mono.from(old.setTransactionIsolationLevel(IsolationLevel.REPEATABLE_READ))
        .then(Mono.from(old.beginTransaction()))
        .then(run(old, "SELECT count(*) FROM business"))
        .block(PATIENCE);
    Drained drained = drain(queue);
    Mono.from(old.rollbackTransaction()).then(Mono.from(old.close())).block(PATIENCE);
    return drained;
  }

  private Histogram arrivalsAt(MessageQueue queue, Histogram latency) throws InterruptedException {
    AtomicLongArray committedAt = new AtomicLongArray(load.arrivals());
    CountDownLatch left = new CountDownLatch(load.arrivals());
    queue.start(
        batch -> {
          long now = System.nanoTime();
          for (Message message : batch) {
            // It may be published before its writer has heard of the commit.
            long committed = committedAt.getAndSet(Integer.parseInt(message.id()), now);
            latency.recordValue(committed == 0 ? 0 : now - committed);
            left.countDown();
          }
        });
    Histogram commits =
        arrivals(
            load.arrivals(),
            queue,
            1,
            number -> committedAt.compareAndSet(number, 0, System.nanoTime()));
    await(left);
    queue.stop();
    return commits;
  }

  /**
   * Returns how long the commits take.
   *
   * @param messages of each transaction
   * @param committed takes the number of each transaction
   */
  private Histogram arrivals(int count, MessageQueue queue, int messages, IntConsumer committed)
      throws InterruptedException {
    Histogram commits = new ConcurrentHistogram(DIGITS);
    OpenLoop.run(
        number -> transaction(number, messages, queue, commits, committed), 0, count, load.rate());
    return commits;
  }

  private Mono<Void> transaction(
      int number, int messages, MessageQueue queue, Histogram commits, IntConsumer committed) {
    String insert = "INSERT INTO business VALUES (" + business.getAndIncrement() + ")";
    Mono<Void> done =
        Mono.usingWhen(
            pool.create(),
            connection ->
                Mono.from(connection.beginTransaction())
                    .then(run(connection, insert))
                    .then(appended(connection, queue, messages(number, messages)))
                    .then(Mono.defer(() -> commit(connection, commits)))
                    .doOnSuccess(end -> committed.accept(number)),
            Connection::close);
    return messages == 0 ? done : done.doOnSuccess(end -> queue.committed());
  }

  private static Mono<Void> appended(
      Connection connection, MessageQueue queue, List<Message> messages) {
    return messages.isEmpty() ? Mono.empty() : queue.append(connection, messages);
  }

  private static Mono<Void> commit(Connection connection, Histogram commits) {
    long start = System.nanoTime();
    return Mono.from(connection.commitTransaction())
        .doOnSuccess(done -> commits.recordValue(System.nanoTime() - start));
  }

  private static List<Message> messages(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(
            number ->
                Message.builder("measured", PAYLOAD)
                    .id(String.valueOf(number))
                    .key("key " + number % KEYS)
                    .build())
        .toList();
  }

  private static void await(CountDownLatch left) throws InterruptedException {
    if (!left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(left.getCount() + " messages were not published");
    }
  }

  /** Begins, commits and statements of everybody. */
  private long statements() {
    return Flux.usingWhen(
            pool.create(),
            connection ->
                Flux.from(connection.createStatement(STATEMENTS).execute())
                    .flatMap(
                        result ->
                            result.map(row -> Objects.requireNonNull(row.get(0, Long.class)))),
            Connection::close)
        .next()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  private void run(String sql) {
    Mono.usingWhen(pool.create(), connection -> run(connection, sql), Connection::close)
        .block(PATIENCE);
  }

  private static Mono<Void> run(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
