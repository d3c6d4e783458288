package io.batchflow.r2dbc.retention;

import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.r2dbc.request.CatalogRows;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlColumn;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds the table of a rule, and asks the database for the time. Thread-safe. */
final class TargetLookup {

  /** If the clocks differ by more, one of them is wrong, and maybe that of the database. */
  private static final Duration CLOCKS = Duration.ofHours(1);

  /** Tables of PostgreSQL that have no rows of their own. */
  private static final Set<String> WITHOUT_ROWS = Set.of("view", "foreign");

  private final SqlDialect dialect;
  private final RetentionSql sql;
  private final Scheduler scheduler;

  TargetLookup(SqlDialect dialect, RetentionSql sql, Scheduler scheduler) {
    this.dialect = dialect;
    this.sql = sql;
    this.scheduler = scheduler;
  }

  /** Fails with {@link SqlWriteException} if the rule does not fit the table. */
  Mono<Target> find(Connection connection, RetentionRule rule) {
    return CatalogRows.of(connection, dialect, rule.table)
        .flatMap(
            rows ->
                Requests.first(
                        connection.createStatement(sql.now()),
                        row -> Objects.requireNonNull(row.get(0, Number.class)).longValue())
                    .map(
                        micros ->
                            target(rule, rows, Instant.EPOCH.plus(micros, ChronoUnit.MICROS))));
  }

  private Target target(RetentionRule rule, List<CatalogRow> rows, Instant now) {
    checkClock(rule, now, scheduler);
    SqlTable table =
        SqlTable.resolve(
            SqlTable.schemaOf(rule.table, rows, ConflictStrategy.FAIL, List.of()), rows);
    if (WITHOUT_ROWS.contains(table.kind())) {
      throw failure(rule, "it is no table of its own", "Name the table that has the rows");
    }
    SqlColumn column = column(rule, table);
    TimeType type = sql.typeOf(column);
    if (type == null || (type == TimeType.EPOCH && rule.unit == null)) {
      throw failure(
          rule,
          "the type of the time column '" + column.name() + "' is " + column.type(),
          type == null
              ? "Name a column of timestamps, dates or whole numbers"
              : "Tell by epoch what its numbers count");
    }
    ChronoUnit unit = Objects.requireNonNullElse(rule.unit, ChronoUnit.MICROS);
    Instant moment = now.minus(rule.keep);
    return new Target(
        table.path().stream().map(dialect::quote).collect(Collectors.joining(".")),
        table.path().get(0),
        table.path().get(1),
        column.name(),
        dialect.quote(column.name()),
        type,
        moment,
        type.earliest(unit),
        type.cutOff(moment, rule.zone, unit));
  }

  /** Fails if the clock of the database is far ahead of that of this process. */
  static void checkClock(RetentionRule rule, Instant now, Scheduler scheduler) {
    Instant here = Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));
    Duration apart = Duration.between(here, now);
    if (apart.compareTo(CLOCKS) > 0) {
      throw failure(
          rule,
          "the clock of the database is " + apart + " ahead of that of this process",
          "Nothing was deleted. Correct the wrong one");
    }
  }

  /** Returns the time column. Fails if the table does not have it. */
  static SqlColumn column(RetentionRule rule, SqlTable table) {
    List<SqlColumn> exact =
        table.columns().stream().filter(column -> column.name().equals(rule.column)).toList();
    List<SqlColumn> found =
        exact.isEmpty()
            ? table.columns().stream()
                .filter(column -> column.name().equalsIgnoreCase(rule.column))
                .toList()
            : exact;
    if (found.size() != 1) {
      throw failure(rule, "there is no column '" + rule.column + "'", "Correct the time column");
    }
    return found.get(0);
  }

  static SqlWriteException failure(RetentionRule rule, String problem, String remedy) {
    return new SqlWriteException(FailureKind.UNUSABLE, rule.table, problem, remedy, null);
  }
}
