package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.benchmarks.TablesRun.Load;
import io.batchflow.benchmarks.TablesRun.Measured;
import io.batchflow.benchmarks.TablesRun.Round;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.testservers.TestDatabase;
import io.batchflow.testservers.TestServers;
import io.r2dbc.pool.ConnectionPool;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Compares a policy for each table with one for all, on PostgreSQL: users and orders arrive at a
 * fixed rate, while logs come as fast as they are taken. The policies take turns.
 */
final class TablesPart implements Part {

  private static final int CONNECTIONS = 4;
  private static final double MILLIS = 1e6;

  private final Load thorough;

  TablesPart() {
    this(Load.THOROUGH);
  }

  TablesPart(Load thorough) {
    this.thorough = thorough;
  }

  @Override
  public String name() {
    return "tables";
  }

  @Override
  public String about() {
    return "users, orders and logs in one flow: a policy for each table, or one for all";
  }

  @Override
  public List<Figure> run(boolean quick, PrintWriter out) {
    Load load = quick ? Load.QUICK : thorough;
    try (TestDatabase database = TestDatabase.on(TestServers.postgres());
        Connection beside = database.connect()) {
      create(beside);
      ConnectionPool pool =
          R2dbcLoop.pool(PostgresContests.factory(database.server()), CONNECTIONS);
      try {
        TablesRun run = new TablesRun(load);
        Map<TablePolicies, List<Round>> rounds = rounds(load, run, pool, beside);
        long missing = run.orders() - count(beside, "orders") + run.logs() - count(beside, "logs");
        return figures(rounds, missing, out);
      } finally {
        pool.disposeLater().block();
      }
    } catch (SQLException | InterruptedException failure) {
      throw new IllegalStateException("The tables part failed", failure);
    }
  }

  private static void create(Connection beside) throws SQLException {
    try (Statement statement = beside.createStatement()) {
      statement.execute(
          "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, seen_at BIGINT)");
      statement.execute(
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, user_id BIGINT, item TEXT, cents INT)");
      statement.execute("CREATE TABLE logs (id BIGINT PRIMARY KEY, level INT, message TEXT)");
    }
  }

  private static long count(Connection beside, String table) throws SQLException {
    try (Statement statement = beside.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      result.next();
      return result.getLong(1);
    }
  }

  /**
   * Returns the rounds of each policy. The first of each, in which the JVM warms up, is left out.
   */
  private static Map<TablePolicies, List<Round>> rounds(
      Load load, TablesRun run, ConnectionPool pool, Connection beside)
      throws SQLException, InterruptedException {
    Map<TablePolicies, List<Round>> rounds = new EnumMap<>(TablePolicies.class);
    for (int round = 0; round <= load.rounds(); round++) {
      for (TablePolicies policies : TablePolicies.values()) {
        try (Statement statement = beside.createStatement()) {
          statement.execute("CHECKPOINT");
        }
        BatchFlow flow = policies.flow(R2dbcBatchWriter.create(pool), CONNECTIONS);
        try {
          Round measured = run.run(flow);
          if (round > 0) {
            rounds.computeIfAbsent(policies, key -> new ArrayList<>()).add(measured);
          }
        } finally {
          flow.close().block();
        }
      }
    }
    return rounds;
  }

  private static List<Figure> figures(
      Map<TablePolicies, List<Round>> rounds, long missing, PrintWriter out) {
    List<Figure> figures = new ArrayList<>();
    out.printf(
        "%nPostgreSQL, %d connections, logs as fast as they are taken%n%-10s %-7s %10s %9s %9s%n",
        CONNECTIONS, "policy", "table", "rows/s", "p50 ms", "p99 ms");
    rounds.forEach(
        (policies, measured) -> {
          figures.add(figure(policies, "users", all(measured, Round::users), out));
          figures.add(figure(policies, "orders", all(measured, Round::orders), out));
          figures.add(figure(policies, "logs", all(measured, Round::logs), out));
        });
    List<Round> global = rounds.getOrDefault(TablePolicies.GLOBAL, List.of());
    List<Round> own = rounds.getOrDefault(TablePolicies.PER_TABLE, List.of());
    figures.add(
        new Figure("tables")
            .with("backend", "PostgreSQL")
            .with("compared", "per-table to global")
            .with("orders_p99", ratio(own, global, Round::orders, TablesPart::p99))
            .with("users_p99", ratio(own, global, Round::users, TablesPart::p99))
            .with("logs_rows", ratio(own, global, Round::logs, Measured::rowsPerSecond))
            .none("missing", missing));
    return figures;
  }

  private static List<Measured> all(List<Round> rounds, Function<Round, Measured> table) {
    return rounds.stream().map(table).toList();
  }

  private static Figure figure(
      TablePolicies policies, String table, List<Measured> measured, PrintWriter out) {
    double rows = median(measured, Measured::rowsPerSecond);
    double p50 = median(measured, TablesPart::p50);
    double p99 = median(measured, TablesPart::p99);
    out.printf(
        Locale.ROOT, "%-10s %-7s %,10.0f %9.2f %9.2f%n", policies.label(), table, rows, p50, p99);
    return new Figure("tables")
        .with("backend", "PostgreSQL")
        .with("policy", policies.label())
        .with("table", table)
        .with("rows_s", rows)
        .with("p50_ms", p50)
        .with("p99_ms", p99);
  }

  private static double p50(Measured measured) {
    return percentile(measured.latency(), 50);
  }

  private static double p99(Measured measured) {
    return percentile(measured.latency(), 99);
  }

  private static double percentile(Histogram latency, double percentile) {
    return latency.getValueAtPercentile(percentile) / MILLIS;
  }

  private static double ratio(
      List<Round> own,
      List<Round> global,
      Function<Round, Measured> table,
      ToDoubleFunction<Measured> value) {
    return median(all(own, table), value) / median(all(global, table), value);
  }

  private static double median(List<Measured> measured, ToDoubleFunction<Measured> value) {
    double[] sorted = measured.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
