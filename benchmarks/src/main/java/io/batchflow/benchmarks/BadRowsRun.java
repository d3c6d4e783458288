package io.batchflow.benchmarks;

import io.batchflow.BatchFlow;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Row;
import io.batchflow.Schema;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;

/**
 * Writes 50,000 rows, ten of them bad. Checks that exactly these are rejected, and measures the
 * cost.
 */
final class BadRowsRun {

  private static final int ROWS = 50_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Schema PEOPLE =
      Schema.table("people").columns("id", "name", "age", "parent").build();

  /** Spoils a row, by its id. */
  private static final Map<Integer, UnaryOperator<Row>> BAD =
      Map.of(
          4_711, row -> row.set("name", "longer than ten"),
          9_000, row -> row.set("name", null),
          13_500, row -> row.set("parent", -1),
          18_001, row -> row.set("age", -1),
          22_222, row -> row.set("id", 1),
          27_000, row -> row.set("name", "longer again"),
          31_999, row -> row.set("name", null),
          36_500, row -> row.set("parent", -2),
          41_000, row -> row.set("age", -2),
          49_999, row -> row.set("age", new Thread("of no column")));

  private final SqlFaultTarget target;

  BadRowsRun(SqlFaultTarget target) {
    this.target = target;
  }

  Figure run(int rounds, PrintWriter out) throws SQLException {
    double[] good = new double[rounds];
    double[] mixed = new double[rounds];
    int wrong = 0;
    for (int round = 0; round < rounds; round++) {
      good[round] = seconds(false, new HashSet<>());
      Set<Object> rejected = new HashSet<>();
      mixed[round] = seconds(true, rejected);
      wrong += rejected.equals(BAD.keySet()) && stored() == ROWS - BAD.size() ? 0 : 1;
    }
    double share = median(good) / median(mixed);
    out.printf(
        Locale.ROOT,
        "%-12s %,d rows, %d of them bad: exactly these were rejected in %d of %d rounds, at %.2f of"
            + " the speed without them%n",
        target.name(),
        ROWS,
        BAD.size(),
        rounds - wrong,
        rounds,
        share);
    out.flush();
    return new Figure("faults")
        .with("fault", "bad_rows")
        .with("backend", target.name())
        .with("rows", String.valueOf(ROWS))
        .atMost("false", wrong, 0)
        .atLeast("share_of_speed", share, 0.5);
  }

  private double seconds(boolean bad, Set<Object> rejected) throws SQLException {
    execute(
        "DROP TABLE IF EXISTS people",
        "CREATE TABLE people (id BIGINT PRIMARY KEY, name VARCHAR(10) NOT NULL, age INTEGER CHECK"
            + " (age >= 0), parent BIGINT REFERENCES people (id))");
    BatchFlow flow = BatchFlow.builder(target.writer(target.server().server().port())).build();
    long start = System.nanoTime();
    List<Outcome<Row>> failed =
        Objects.requireNonNull(
            flow.submitAll(Flux.range(0, ROWS).map(id -> person(id, bad)))
                .filter(outcome -> !outcome.isWritten())
                .collectList()
                .block(PATIENCE));
    double seconds = (System.nanoTime() - start) / 1e9;
    flow.close().block(PATIENCE);
    for (Outcome<Row> outcome : failed) {
      boolean isBad =
          outcome.status() == OutcomeStatus.REJECTED || outcome.status() == OutcomeStatus.INVALID;
      rejected.add(isBad ? Objects.requireNonNull(outcome.row().tag()) : outcome);
    }
    return seconds;
  }

  private static Row person(int id, boolean bad) {
    Row row = PEOPLE.row().set("id", id).set("name", "p" + id).set("age", 30).tag(id);
    return bad ? BAD.getOrDefault(id, same -> same).apply(row) : row;
  }

  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private long stored() throws SQLException {
    try (Connection connection = DriverManager.getConnection(target.table().jdbcUrl());
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM people")) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(target.table().jdbcUrl());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
