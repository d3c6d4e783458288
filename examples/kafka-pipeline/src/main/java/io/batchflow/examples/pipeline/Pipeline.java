package io.batchflow.examples.pipeline;

import io.batchflow.testkafka.KafkaBroker;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The program: starts a broker, a producer, PostgreSQL and three consumer processes, kills one of
 * them again and again, and counts at the end.
 */
@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    description = "Stores a topic in PostgreSQL, while consumer processes are killed.")
public final class Pipeline implements Callable<Integer> {

  private static final int PARTITIONS = 12;
  private static final int MEMBERS = 3;
  private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** As the page about Kafka has it. */
  private static final String OFFSETS =
      "CREATE TABLE batchflow_offsets (consumer_group VARCHAR(190) NOT NULL,"
          + " topic VARCHAR(249) NOT NULL, partition_no INT NOT NULL, next_offset BIGINT NOT NULL,"
          + " claim BIGINT NOT NULL UNIQUE, PRIMARY KEY (consumer_group, topic, partition_no))";

  private static final String TABLE =
      "CREATE TABLE orders (partition_no INT NOT NULL, offset_no BIGINT NOT NULL, item TEXT)";

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--records", description = "Records to send. Default: ${DEFAULT-VALUE}")
  private long records = 300_000;

  @Option(names = "--rate", description = "Records a second. Default: ${DEFAULT-VALUE}")
  private int rate = 5_000;

  @Option(
      names = "--kill-every",
      paramLabel = "SECONDS",
      description = "How often a process is killed. Default: ${DEFAULT-VALUE}")
  private int killEvery = 10;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long to wait while no row is added. Default: ${DEFAULT-VALUE}")
  private int patience = 120;

  /** Runs the program. See {@code --help}. */
  public static void main(String[] arguments) {
    int exit = new CommandLine(new Pipeline()).execute(arguments);
    // Needed, as the threads of the servers keep the JVM alive.
    System.exit(exit);
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    KafkaBroker broker = KafkaBroker.shared();
    broker.createTopic(Orders.TOPIC, PARTITIONS);
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection connection = database.connect();
        Members members =
            new Members(broker.servers, database.server().r2dbcUrl("postgresql", null))) {
      run(connection, OFFSETS);
      run(connection, TABLE);
      for (int member = 0; member < MEMBERS; member++) {
        members.start();
      }
      try (Orders orders = new Orders(broker, PARTITIONS, records, rate)) {
        watch(broker, connection, orders, members, new View(out, Ansi.AUTO.enabled()));
        return check(connection, orders, members, out) ? 0 : 1;
      }
    }
  }

  private static void run(Connection connection, String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Kills while records are sent, and shows until all rows are there or none is added. */
  private void watch(
      KafkaBroker broker, Connection database, Orders orders, Members members, View view)
      throws Exception {
    long start = System.nanoTime();
    long shown = start;
    long killed = start;
    long added = start;
    long rows = 0;
    long rowsShown = 0;
    while (rows < records && System.nanoTime() - added < patience * SECOND) {
      LockSupport.parkNanos(LOOK_NANOS);
      State state = State.of(broker, database, PARTITIONS);
      long now = System.nanoTime();
      added = state.rows() > rows ? now : added;
      rows = state.rows();
      if (now - shown >= SECOND || rows >= records) {
        double rowsPerSecond = (rows - rowsShown) * (double) SECOND / (now - shown);
        view.show((now - start) / SECOND, state, members, rowsPerSecond);
        shown = now;
        rowsShown = rows;
      }
      if (now - killed >= killEvery * SECOND && orders.sent() < records) {
        members.killOne();
        killed = now;
      }
    }
  }

  private boolean check(Connection database, Orders orders, Members members, PrintWriter out)
      throws Exception {
    try (Statement statement = database.createStatement();
        ResultSet counts =
            statement.executeQuery(
                "SELECT count(*), count(DISTINCT (partition_no, offset_no)) FROM orders")) {
      counts.next();
      long rows = counts.getLong(1);
      long different = counts.getLong(2);
      boolean isRight = rows == records && different == records && orders.sent() == records;
      out.printf(
          Locale.ROOT,
          "%,d records sent, %,d rows, %,d of them different, %d processes killed: %s%n",
          orders.sent(),
          rows,
          different,
          members.killed(),
          isRight ? "each record is stored once" : "WRONG");
      out.flush();
      return isRight;
    }
  }
}
