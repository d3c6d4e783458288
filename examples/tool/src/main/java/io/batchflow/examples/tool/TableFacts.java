package io.batchflow.examples.tool;

import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.temporal.Temporal;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a database knows about its tables. Thread-safe. Uses a connection for each request. */
final class TableFacts {

  private final ConnectionFactory factory;
  private final SqlDialect dialect;
  private final FactSql sql;

  TableFacts(ConnectionFactory factory) {
    this.factory = factory;
    this.dialect = Dialects.of(factory.getMetadata().getName());
    this.sql = FactSql.of(dialect.product());
  }

  /**
   * What is cheap to know.
   *
   * @param rows about how many there are
   * @param writes about how many rows were inserted, updated and deleted; null if not counted
   */
  record Activity(long rows, @Nullable Long writes) {}

  /** The first and the last time of a column; null if there is no time. */
  record Span(@Nullable Temporal oldest, @Nullable Temporal newest) {}

  /** Returns the name of the database. */
  String product() {
    return dialect.product();
  }

  /** Completes when the database has answered. */
  Mono<Boolean> ping() {
    return query("SELECT 1", row -> true).next();
  }

  /**
   * Returns the real name of a table of the current schema; empty if there is none. Matched
   * exactly, or else without regard to case, as writers do.
   */
  Mono<String> find(String table) {
    return matching(query(sql.tables(), TableFacts::text, table), table);
  }

  private Mono<String> column(String table, String column) {
    return matching(query(sql.columns(), TableFacts::text, table, column), column);
  }

  private static Mono<String> matching(Flux<String> names, String wanted) {
    return names
        .collectList()
        .filter(found -> !found.isEmpty())
        .map(found -> found.contains(wanted) ? wanted : found.get(0));
  }

  /** Counts the rows of a table by its real name. */
  Mono<Long> count(String table) {
    return query("SELECT COUNT(*) FROM " + dialect.quote(table), TableFacts::number).next();
  }

  /** Returns how many bytes a table takes with its indexes, as the database tells it. */
  Mono<Long> size(String table) {
    return query(sql.size(), TableFacts::number, table).next();
  }

  /** Returns what is cheap to know. */
  Mono<Activity> activity(String table) {
    return query(sql.activity(), TableFacts::activity, table).next();
  }

  /** Returns the first and the last time of a column. A column of another type has none. */
  Mono<Span> span(String table, String column) {
    return column(table, column)
        .map(dialect::quote)
        .flatMap(
            name ->
                query(
                        "SELECT MIN(%1$s), MAX(%1$s) FROM ".formatted(name) + dialect.quote(table),
                        row -> new Span(time(row, 0), time(row, 1)))
                    .next());
  }

  private <T> Flux<T> query(
      String text, Function<? super Readable, ? extends T> read, Object... values) {
    return Flux.usingWhen(
        factory.create(),
        connection ->
            Flux.from(bound(connection, text, values).execute())
                .concatMap(result -> result.<T>map(read)),
        Connection::close);
  }

  private static Statement bound(Connection connection, String text, Object... values) {
    Statement statement = connection.createStatement(text);
    for (int i = 0; i < values.length; i++) {
      statement.bind(i, values[i]);
    }
    return statement;
  }

  private static String text(Readable row) {
    return Objects.requireNonNull(row.get(0, String.class));
  }

  private static long number(Readable row) {
    return row.get(0) instanceof Number number ? number.longValue() : 0;
  }

  private static Activity activity(Readable row) {
    return new Activity(
        number(row), row.get(1) instanceof Number writes ? writes.longValue() : null);
  }

  private static @Nullable Temporal time(Readable row, int column) {
    return row.get(column) instanceof Temporal time ? time : null;
  }
}
