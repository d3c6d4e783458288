package io.batchflow.benchmarks;

import io.batchflow.ConflictStrategy;
import io.batchflow.testservers.H2Process;
import io.batchflow.testservers.KillableServer;
import io.batchflow.testservers.MariaDbProcess;
import io.batchflow.testservers.PostgresProcess;
import io.batchflow.testservers.RedisProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Servers that are killed and started again while rows are on their way. */
final class FaultsPart implements Part {

  private static final Size THOROUGH = new Size(1_000_000, 20, 1_000, 50, 5);
  private static final Size QUICK = new Size(200_000, 5, 40, 5, 3);

  private final @Nullable Size only;

  /**
   * How much is written, and how often the server goes down meanwhile.
   *
   * @param rows at least two for each kill
   * @param schedules how many random schedules of faults a proxy plays; none if 0
   * @param crashes how often the application with a journal is killed
   * @param rounds how often bad rows are written, and as many without
   */
  record Size(int rows, int kills, int schedules, int crashes, int rounds) {}

  /** Starts a server and says how to write to it. */
  @FunctionalInterface
  private interface Open {

    FaultTarget in(Path directory) throws Exception;
  }

  FaultsPart() {
    this.only = null;
  }

  /** Runs at one size, whatever is asked for. */
  FaultsPart(Size only) {
    this.only = only;
  }

  @Override
  public String name() {
    return "faults";
  }

  @Override
  public String about() {
    return "servers killed and restarted under load: what is lost, told wrong or not told";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Size size = only != null ? only : quick ? QUICK : THOROUGH;
    List<Figure> figures = new ArrayList<>();
    figures.addAll(run(size, out, FaultsPart::postgres));
    figures.addAll(run(size, out, FaultsPart::mariaDb));
    figures.addAll(run(size, out, FaultsPart::mariaDbByMySql));
    figures.addAll(run(size, out, FaultsPart::redis));
    figures.addAll(run(size, out, FaultsPart::h2));
    figures.add(sqlite(size, out));
    return figures;
  }

  /** SQLite has no server to kill: the application that holds it is killed. */
  private static Figure sqlite(Size size, PrintWriter out) {
    try {
      Path directory = Files.createTempDirectory("faults");
      String url = "jdbc:sqlite:" + directory.resolve("faults.db");
      return new JournalRun("SQLite", directory.resolve("journal"), url, url)
          .run(size.crashes(), out);
    } catch (IOException | SQLException failure) {
      throw new IllegalStateException("The faults part failed", failure);
    }
  }

  private static FaultTarget postgres(Path directory) throws Exception {
    KillableServer server = PostgresProcess.start(directory);
    return SqlFaultTarget.overR2dbc("PostgreSQL", server, "postgresql", "postgresql");
  }

  private static FaultTarget mariaDb(Path directory) throws Exception {
    KillableServer server = MariaDbProcess.start(directory);
    return SqlFaultTarget.overR2dbc("MariaDB", server, "mariadb", "mariadb");
  }

  private static FaultTarget mariaDbByMySql(Path directory) throws Exception {
    KillableServer server = MariaDbProcess.start(directory);
    return SqlFaultTarget.overR2dbc("MariaDB-mysql", server, "mysql", "mariadb");
  }

  private static FaultTarget h2(Path directory) throws Exception {
    KillableServer server = H2Process.start(directory);
    return SqlFaultTarget.overJdbc("H2", server);
  }

  private static FaultTarget redis(Path directory) throws Exception {
    RedisProcess server =
        RedisProcess.start(directory, "--appendonly", "yes", "--appendfsync", "always");
    return new RedisFaultTarget(server);
  }

  private static List<ConflictStrategy> proxied(Size size) {
    return size.schedules() == 0
        ? List.of()
        : List.of(ConflictStrategy.FAIL, ConflictStrategy.UPDATE);
  }

  private static List<Figure> run(Size size, PrintWriter out, Open open) {
    try {
      Path directory = Files.createTempDirectory("faults");
      directory.toFile().deleteOnExit();
      try (FaultTarget target = open.in(directory)) {
        KillRun kills = new KillRun(target, size);
        kills.go();
        List<Figure> figures = new ArrayList<>();
        figures.add(kills.report(out));
        if (target instanceof SqlFaultTarget sql) {
          figures.add(new BadRowsRun(sql).run(size.rounds(), out));
        }
        for (ConflictStrategy strategy : proxied(size)) {
          figures.add(new ProxyRuns(target, strategy, size.rows()).run(size.schedules(), out));
        }
        return figures;
      }
    } catch (Exception failure) {
      throw new IllegalStateException("The faults part failed", failure);
    }
  }
}
