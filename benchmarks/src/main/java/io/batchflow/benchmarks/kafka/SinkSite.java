package io.batchflow.benchmarks.kafka;

import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import tools.jackson.databind.json.JsonMapper;

/** A broker, a worker of Kafka Connect, and a database with the table of the orders. */
public final class SinkSite implements AutoCloseable {

  /** How long a connector that does nothing more is watched before its state is its last. */
  private static final long STILL_NANOS = 20_000_000_000L;

  private static final long ASK_NANOS = 1_000_000_000L;

  private static final String REASON = "__connect.errors.exception.message";

  private final Path directory = Files.createTempDirectory("kafka");
  private final TestDatabase database = TestDatabase.on(TestServers.postgres());
  private final Connection beside = database.connect();
  private final Broker broker;
  private final Worker worker;
  private int connectors;

  /**
   * How fast a sink was.
   *
   * @param records the number of records
   * @param startSeconds from the request to create the connector to the first row
   * @param seconds from the first row to the last one
   * @param cpuSeconds processor time of the worker for all of it
   */
  public record Speed(int records, double startSeconds, double seconds, double cpuSeconds) {

    /** Returns the records in a second. */
    public double perSecond() {
      return records / seconds;
    }

    /** Returns the processor time of a record, in microseconds. */
    public double cpuMicros() {
      return cpuSeconds / records * 1e6;
    }
  }

  /**
   * What became of the records of a topic in the end.
   *
   * @param rows the rows of the table
   * @param asExpected whether these are all rows that can be stored, each with its last value
   * @param letters the ids of the dead letters
   * @param repeated letters of ids that have one
   * @param unexplained letters without a reason
   * @param failed the tasks that have failed
   * @param seconds from the request to create the connector to the last change that was seen
   * @param trace why a task has failed; empty if none has
   */
  public record End(
      long rows,
      boolean asExpected,
      Set<Long> letters,
      int repeated,
      int unexplained,
      int failed,
      double seconds,
      String trace) {}

  /** Starts all processes. */
  public SinkSite() throws Exception {
    run(Orders.TABLE);
    Layout layout = Layout.find();
    broker = Broker.start(layout, directory);
    try {
      worker = Worker.start(layout, directory, broker.servers);
    } catch (Exception failure) {
      broker.close();
      throw failure;
    }
  }

  /** Creates a topic with its records. */
  public void fill(Orders orders) throws Exception {
    broker.fill(orders);
  }

  /**
   * Stores all records of a topic by a new connector.
   *
   * @throws IllegalStateException if the table is not as it should be
   */
  public Speed speed(Sink sink, Orders orders) throws Exception {
    empty();
    String connector = next(sink);
    double cpu = worker.cpu().toNanos() / 1e9;
    long created = System.nanoTime();
    worker.create(connector, sink.all(orders.topic(), database.server()));
    long first = created;
    if (sink.equals(Sink.NOTHING)) {
      await(connector, () -> broker.committed("connect-" + connector) == orders.records());
    } else {
      await(connector, () -> count("SELECT 1 FROM orders LIMIT 1") == 1);
      first = System.nanoTime();
      await(connector, () -> isComplete(orders));
    }
    long last = System.nanoTime();
    double used = worker.cpu().toNanos() / 1e9 - cpu;
    worker.delete(connector);
    if (!sink.equals(Sink.NOTHING) && !isAsExpected(orders)) {
      throw new IllegalStateException(sink.name() + " has stored other rows than the last of each");
    }
    return new Speed(orders.records(), (first - created) / 1e9, (last - first) / 1e9, used);
  }

  /** Counts the whole table only when its last rows are there, as that costs time. */
  private boolean isComplete(Orders orders) throws SQLException {
    long from = Math.max(0, orders.ids() - 10_000);
    return count("SELECT count(*) FROM orders WHERE id >= " + from) == orders.ids() - from
        && count("SELECT count(*) FROM orders") == orders.rows();
  }

  /** Waits, and asks the worker only once a second, as that costs processor time there. */
  private void await(String connector, Callable<Boolean> condition) throws Exception {
    long[] asked = {System.nanoTime()};
    Waiting.until(
        connector + " stores all rows",
        () -> {
          if (System.nanoTime() - asked[0] > ASK_NANOS) {
            asked[0] = System.nanoTime();
            Worker.State state = worker.state(connector);
            if (state.failed() > 0) {
              throw new IllegalStateException(connector + " has failed: " + state.trace());
            }
          }
          return condition.call();
        });
  }

  /** Lets a new connector do with a topic what it can, and tells how that ended. */
  public End end(Sink sink, Orders orders) throws Exception {
    empty();
    broker.createTopic(sink.letters(orders.topic()), 1);
    String connector = next(sink);
    long created = System.nanoTime();
    worker.create(connector, sink.all(orders.topic(), database.server()));
    long[] changed = {created};
    Watched[] watched = {new Watched(0, 0)};
    Waiting.until(
        connector + " ends",
        () -> {
          Watched now = watch(connector);
          if (!now.equals(watched[0])) {
            watched[0] = now;
            changed[0] = System.nanoTime();
          }
          return now.failed == Sink.TASKS
              || broker.committed("connect-" + connector) == orders.records()
              || System.nanoTime() - changed[0] > STILL_NANOS;
        });
    Worker.State state = worker.state(connector);
    worker.delete(connector);
    return ended(sink, orders, state, (changed[0] - created) / 1e9);
  }

  private record Watched(long rows, int failed) {}

  private Watched watch(String connector) throws Exception {
    return new Watched(count("SELECT count(*) FROM orders"), worker.state(connector).failed());
  }

  private End ended(Sink sink, Orders orders, Worker.State state, double seconds)
      throws SQLException {
    JsonMapper json = JsonMapper.shared();
    Set<Long> ids = new HashSet<>();
    int[] repeated = {0};
    int[] unexplained = {0};
    broker.read(
        sink.letters(orders.topic()),
        letter -> {
          if (!ids.add(json.readTree(letter.value()).path("id").asLong())) {
            repeated[0]++;
          }
          Header reason = letter.headers().lastHeader(REASON);
          if (reason == null || reason.value().length == 0) {
            unexplained[0]++;
          }
        });
    return new End(
        count("SELECT count(*) FROM orders"),
        isAsExpected(orders),
        ids,
        repeated[0],
        unexplained[0],
        state.failed(),
        seconds,
        state.trace());
  }

  private boolean isAsExpected(Orders orders) throws SQLException {
    try (Statement statement = beside.createStatement();
        ResultSet found = statement.executeQuery("SELECT count(*), sum(price) FROM orders")) {
      found.next();
      return found.getLong(1) == orders.rows() && found.getDouble(2) == orders.prices();
    }
  }

  private String next(Sink sink) {
    connectors++;
    return sink.name() + "-" + connectors;
  }

  /** Empties the table with a checkpoint, which would otherwise fall into a later round. */
  private void empty() throws SQLException {
    run("TRUNCATE orders");
    run("CHECKPOINT");
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = beside.createStatement()) {
      statement.execute(sql);
    }
  }

  private long count(String sql) throws SQLException {
    try (Statement statement = beside.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    worker.close();
    broker.close();
    beside.close();
    database.close();
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
