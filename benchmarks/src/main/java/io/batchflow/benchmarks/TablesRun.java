package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.ConflictStrategy;
import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * Users and orders that arrive at a fixed rate, while logs come as fast as the flow takes them.
 * Rows have the next numbers, so that a run adds to what earlier ones wrote.
 */
final class TablesRun {

  static final Schema USERS =
      Schema.table("users")
          .columns("id", "name", "email", "seen_at")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  static final Schema ORDERS =
      Schema.table("orders").columns("id", "user_id", "item", "cents").build();

  static final Schema LOGS = Schema.table("logs").columns("id", "level", "message").build();

  /** So many users are updated again and again. */
  static final int KNOWN_USERS = 10_000;

  private static final long LONGEST = TimeUnit.MINUTES.toNanos(2);

  /**
   * How much is measured.
   *
   * @param seconds how long a round takes
   * @param users rows per second
   * @param orders rows per second
   */
  record Load(int rounds, int seconds, int users, int orders) {

    static final Load THOROUGH = new Load(5, 10, 500, 2_000);

    static final Load QUICK = new Load(3, 4, 500, 2_000);
  }

  /** How long rows of a table took, and how many there were in a second. */
  record Measured(Histogram latency, double rowsPerSecond) {

    private static Measured of(Histogram latency, long nanos) {
      return new Measured(latency, latency.getTotalCount() * 1e9 / nanos);
    }
  }

  /** The result of a round. */
  record Round(Measured users, Measured orders, Measured logs) {}

  private final Load load;
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger orders = new AtomicInteger();
  private final AtomicInteger logs = new AtomicInteger();

  TablesRun(Load load) {
    this.load = load;
  }

  /** Returns how many orders were stored so far. */
  int orders() {
    return orders.get();
  }

  /** Returns how many logs were stored so far. */
  int logs() {
    return logs.get();
  }

  Round run(BatchFlow flow) throws InterruptedException {
    AtomicBoolean goesOn = new AtomicBoolean(true);
    Histogram flood = new ConcurrentHistogram(LONGEST, 3);
    long began = System.nanoTime();
    CompletableFuture<?> flooding =
        flow.submitAll(Flux.<Row>generate(sink -> nextLog(sink, goesOn)))
            .doOnNext(outcome -> flood.recordValue(age(outcome)))
            .then()
            .toFuture();
    CompletableFuture<Histogram> seen =
        CompletableFuture.supplyAsync(() -> arrivals(flow, users, load.users(), TablesRun::user));
    Histogram ordered = arrivals(flow, orders, load.orders(), TablesRun::order);
    long arrived = System.nanoTime() - began;
    Histogram updated = seen.join();
    goesOn.set(false);
    flooding.join();
    long ended = System.nanoTime() - began;
    return new Round(
        Measured.of(updated, arrived), Measured.of(ordered, arrived), Measured.of(flood, ended));
  }

  /** Makes the row with a number. */
  private interface Making {

    Row row(int number);
  }

  private Histogram arrivals(BatchFlow flow, AtomicInteger count, int rate, Making making) {
    int first = count.get() + 1;
    int rows = rate * load.seconds();
    count.addAndGet(rows);
    try {
      return OpenLoop.run(number -> store(flow, making.row(number)), first, rows, rate).latency();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static Mono<?> store(BatchFlow flow, Row row) {
    return flow.submit(row);
  }

  private static Row user(int number) {
    int id = number % KNOWN_USERS;
    return USERS
        .row()
        .set(0, (long) id)
        .set(1, "user " + id)
        .set(2, id + "@example.org")
        .set(3, (long) number);
  }

  private static Row order(int number) {
    return ORDERS
        .row()
        .set(0, (long) number)
        .set(1, (long) (number % KNOWN_USERS))
        .set(2, "item " + number % 100)
        .set(3, number % 10_000);
  }

  private void nextLog(SynchronousSink<Row> sink, AtomicBoolean goesOn) {
    if (!goesOn.get()) {
      sink.complete();
      return;
    }
    int number = logs.incrementAndGet();
    sink.next(
        LOGS.row()
            .set(0, (long) number)
            .set(1, number % 5)
            .set(2, "request " + number + " was answered")
            .tag(System.nanoTime()));
  }

  /** A log begins when the flow requests it. */
  private static long age(Outcome<Row> outcome) {
    if (!outcome.isWritten()) {
      throw new IllegalStateException("A log was not stored", outcome.error());
    }
    long began = (Long) Objects.requireNonNull(outcome.row().tag());
    return Math.min(LONGEST, System.nanoTime() - began);
  }
}
