package io.batchflow.r2dbc.catalog;

import static io.batchflow.r2dbc.request.Requests.bound;
import static io.batchflow.r2dbc.request.Requests.spelled;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.catalog.CatalogFullException;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.SettingsText;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableStatus;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.catalog.CatalogSql;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/**
 * Stores a catalog in the tables {@code batchflow_catalog} and {@code batchflow_tables} of
 * PostgreSQL, MySQL, MariaDB or H2. {@link #createTables} creates them.
 *
 * <p>Thread-safe. Each request takes a connection, and closes it. A change is one transaction. The
 * factory stays yours: a pool of two connections is enough.
 */
public final class R2dbcCatalogStore implements CatalogStore {

  private final CatalogSql sql;
  private final Placeholder placeholder;
  private final Requests requests;

  private R2dbcCatalogStore(ConnectionFactory factory) {
    String product = factory.getMetadata().getName();
    this.sql = CatalogSql.of(product);
    this.placeholder =
        product.equals("PostgreSQL") ? Placeholder.NUMBERED : Placeholder.QUESTION_MARK;
    this.requests = Requests.to(factory);
  }

  /**
   * Returns the store of a database.
   *
   * @throws InvalidConfigurationException if the database is not supported
   */
  public static R2dbcCatalogStore create(ConnectionFactory factory) {
    Objects.requireNonNull(factory, "factory");
    return new R2dbcCatalogStore(factory);
  }

  /** Creates the tables unless they exist. Do this with your migrations if you have some. */
  public Mono<Void> createTables() {
    return requests
        .send(
            connection ->
                Flux.fromIterable(sql.schema)
                    .concatMap(table -> changed(connection, table))
                    .then(rows(connection, CatalogSql.GENERATION, row -> true).next())
                    .switchIfEmpty(
                        changed(connection, CatalogSql.FIRST_GENERATION).thenReturn(true)))
        // Another process may create them at the same time, at which PostgreSQL fails.
        .retry(2)
        .then();
  }

  @Override
  public Mono<Long> generation() {
    return requests.send(
        connection -> rows(connection, CatalogSql.GENERATION, row -> number(row, 0)).next());
  }

  @Override
  public Flux<TableInfo> tables() {
    return requests
        .send(
            connection ->
                rows(connection, CatalogSql.TABLES, R2dbcCatalogStore::table)
                    .collectSortedList(Comparator.comparing(TableInfo::name)))
        .flatMapIterable(tables -> tables);
  }

  @Override
  public Mono<TableInfo> find(String name) {
    return requests.send(
        connection -> rows(connection, sql.find, R2dbcCatalogStore::table, name).next());
  }

  @Override
  public Mono<TableInfo> insert(TableInfo table, int maxTables) {
    return change(
        (connection, generation) ->
            rows(connection, sql.count, Counts::of, table.name())
                .next()
                .flatMap(
                    counts ->
                        counts.same() > 0
                            ? Mono.empty()
                            : counts.all() < maxTables
                                ? insert(connection, table, generation)
                                : Mono.error(new CatalogFullException(table.name(), maxTables))));
  }

  /** How many tables there are, and how many have a name. */
  private record Counts(long all, long same) {

    static Counts of(Readable row) {
      return new Counts(number(row, 0), number(row, 1));
    }
  }

  private Mono<TableInfo> insert(Connection connection, TableInfo table, long generation) {
    return changed(
            connection,
            sql.insert,
            table.name(),
            table.status().name(),
            SettingsText.of(table.settings()),
            generation,
            table.createdAt().toEpochMilli(),
            table.changedAt().toEpochMilli())
        .map(rows -> table.withGeneration(generation));
  }

  @Override
  public Mono<TableInfo> replace(TableInfo table) {
    return change(
        (connection, generation) ->
            changed(
                    connection,
                    sql.replace,
                    table.status().name(),
                    SettingsText.of(table.settings()),
                    generation,
                    table.changedAt().toEpochMilli(),
                    table.name(),
                    table.generation())
                .filter(rows -> rows == 1)
                .map(rows -> table.withGeneration(generation)));
  }

  @Override
  public Mono<Boolean> remove(TableInfo table) {
    return change(
            (connection, generation) ->
                changed(connection, sql.remove, table.name(), table.generation())
                    .filter(rows -> rows == 1))
        .hasElement();
  }

  /** Makes a change with the next generation, unless its result is empty. */
  private <T> Mono<T> change(BiFunction<Connection, Long, Mono<T>> change) {
    return requests.send(
        connection ->
            Mono.from(connection.beginTransaction())
                .then(Mono.defer(() -> nextGeneration(connection)))
                .flatMap(generation -> change.apply(connection, generation))
                .materialize()
                .flatMap(end -> ended(connection, end))
                .dematerialize());
  }

  private static <T> Mono<Signal<T>> ended(Connection connection, Signal<T> end) {
    Throwable failure = end.getThrowable();
    if (failure != null) {
      return Mono.from(connection.rollbackTransaction()).onErrorComplete().thenReturn(end);
    }
    return Mono.from(
            end.hasValue() ? connection.commitTransaction() : connection.rollbackTransaction())
        .thenReturn(end);
  }

  private Mono<Long> nextGeneration(Connection connection) {
    return changed(connection, CatalogSql.NEXT_GENERATION)
        .thenMany(rows(connection, CatalogSql.GENERATION, row -> number(row, 0)))
        .next()
        .switchIfEmpty(
            Mono.error(
                () ->
                    new IllegalStateException(
                        "Table batchflow_catalog has no row. Call createTables first.")));
  }

  private static TableInfo table(Readable row) {
    return new TableInfo(
        text(row, 0),
        TableStatus.valueOf(text(row, 1)),
        SettingsText.parse(text(row, 2)),
        number(row, 3),
        Instant.ofEpochMilli(number(row, 4)),
        Instant.ofEpochMilli(number(row, 5)));
  }

  private static String text(Readable row, int index) {
    return Objects.requireNonNull(row.get(index, String.class));
  }

  private static long number(Readable row, int index) {
    return Objects.requireNonNull(row.get(index, Number.class)).longValue();
  }

  private Mono<Long> changed(Connection connection, String sql, Object... values) {
    return Mono.defer(() -> Requests.changed(bound(connection, spelled(sql, placeholder), values)));
  }

  private <T> Flux<T> rows(
      Connection connection, String sql, Function<? super Readable, T> read, Object... values) {
    return Flux.defer(() -> bound(connection, spelled(sql, placeholder), values).execute())
        .flatMap(result -> result.map(read));
  }

  @Override
  public String toString() {
    return "R2dbcCatalogStore";
  }
}
