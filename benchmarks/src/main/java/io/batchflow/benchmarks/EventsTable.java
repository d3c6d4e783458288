package io.batchflow.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The table that all ways write, seen over a separate plain connection. */
final class EventsTable implements Contest.Target {

  private static final int MARIADB_LOCK_WAIT_TIMEOUT = 1205;

  private final Connection connection;
  private final char quote;
  private final List<String> emptying;
  private final long firstId;

  /**
   * Creates the table.
   *
   * @param emptying statements that empty the table and finish work that the database would defer
   *     to the next round
   */
  EventsTable(Connection connection, char quote, String doubleType, List<String> emptying)
      throws SQLException {
    this(connection, quote, doubleType, emptying, Events.id(0));
  }

  /**
   * Creates a table whose ids start with another number.
   *
   * @param emptying as above
   */
  EventsTable(
      Connection connection, char quote, String doubleType, List<String> emptying, long firstId)
      throws SQLException {
    this.connection = connection;
    this.quote = quote;
    this.emptying = emptying;
    this.firstId = firstId;
    run(List.of(Events.createTable(quote, doubleType)));
  }

  @Override
  public void empty() {
    Mono.fromCallable(
            () -> {
              run(emptying);
              return this;
            })
        .retryWhen(Retry.backoff(5, Duration.ofMillis(100)).filter(EventsTable::isLocked))
        .block();
  }

  /** While MariaDB updates its statistics, a TRUNCATE may fail to get its lock. */
  private static boolean isLocked(Throwable failure) {
    return failure instanceof SQLException sql && sql.getErrorCode() == MARIADB_LOCK_WAIT_TIMEOUT;
  }

  @Override
  public void verify(int rows) throws SQLException {
    List<Double> expected =
        List.of(
            (double) rows,
            IntStream.range(0, rows).mapToDouble(row -> firstId + row).sum(),
            IntStream.range(0, rows).mapToDouble(Events::deviceId).sum(),
            IntStream.range(0, rows).mapToDouble(Events::value).sum());
    String query =
        "SELECT count(*), sum(%1$cid%1$c), sum(%1$cdevice_id%1$c), sum(%1$cvalue%1$c) FROM %2$s"
            .formatted(quote, Events.TABLE);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      List<Double> found =
          List.of(
              result.getDouble(1), result.getDouble(2), result.getDouble(3), result.getDouble(4));
      if (!found.equals(expected)) {
        throw new IllegalStateException(
            "The table holds " + found + " but should hold " + expected);
      }
    }
  }

  private void run(List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
