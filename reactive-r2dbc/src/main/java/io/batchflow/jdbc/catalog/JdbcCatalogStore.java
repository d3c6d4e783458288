package io.batchflow.jdbc.catalog;

import io.batchflow.catalog.CatalogFullException;
import io.batchflow.catalog.CatalogStore;
import io.batchflow.catalog.SettingsText;
import io.batchflow.catalog.TableInfo;
import io.batchflow.catalog.TableStatus;
import io.batchflow.sql.catalog.CatalogSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Stores a catalog in the tables {@code batchflow_catalog} and {@code batchflow_tables} of SQLite,
 * or of PostgreSQL, MySQL, MariaDB or H2 by JDBC. {@link #createTables} creates them.
 *
 * <p>Thread-safe. Each request takes a connection on a thread of {@code
 * Schedulers.boundedElastic()}, and closes it. A change is one transaction. The DataSource stays
 * yours.
 */
public final class JdbcCatalogStore implements CatalogStore {

  private final DataSource dataSource;

  private JdbcCatalogStore(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Returns the store of a database. If it is not supported, each request fails. */
  public static JdbcCatalogStore create(DataSource dataSource) {
    return new JdbcCatalogStore(Objects.requireNonNull(dataSource, "dataSource"));
  }

  /** Work with a connection. */
  private interface Work<T> {

    T apply(Connection connection, CatalogSql sql) throws SQLException;
  }

  /** A change with the next generation. */
  private interface Change<T> {

    @Nullable T apply(Connection connection, CatalogSql sql, long generation) throws SQLException;
  }

  /** Reads a row. */
  private interface Reader<T> {

    T read(ResultSet row) throws SQLException;
  }

  /** Creates the tables unless they exist. Do this with your migrations if you have some. */
  public Mono<Void> createTables() {
    return send((connection, sql) -> {
          for (String table : sql.schema) {
            changed(connection, table);
          }
          if (rows(connection, CatalogSql.GENERATION, row -> true).isEmpty()) {
            changed(connection, CatalogSql.FIRST_GENERATION);
          }
          return true;
        })
        // Another process may create them at the same time, at which PostgreSQL fails.
        .retry(2)
        .then();
  }

  @Override
  public Mono<Long> generation() {
    return send((connection, sql) -> generation(connection));
  }

  private static long generation(Connection connection) throws SQLException {
    List<Long> generations = rows(connection, CatalogSql.GENERATION, row -> row.getLong(1));
    if (generations.isEmpty()) {
      throw new IllegalStateException(
          "Table batchflow_catalog has no row. Call createTables first.");
    }
    return generations.get(0);
  }

  @Override
  public Flux<TableInfo> tables() {
    return send((connection, sql) -> rows(connection, CatalogSql.TABLES, JdbcCatalogStore::table))
        .flatMapIterable(tables -> tables)
        .sort(Comparator.comparing(TableInfo::name));
  }

  @Override
  public Mono<TableInfo> find(String name) {
    return send((connection, sql) -> rows(connection, sql.find, JdbcCatalogStore::table, name))
        .flatMapIterable(tables -> tables)
        .next();
  }

  @Override
  public Mono<TableInfo> insert(TableInfo table, int maxTables) {
    return change(
        (connection, sql, generation) -> {
          long[] counts =
              rows(
                      connection,
                      sql.count,
                      row -> new long[] {row.getLong(1), row.getLong(2)},
                      table.name())
                  .get(0);
          if (counts[1] > 0) {
            return null;
          }
          if (counts[0] >= maxTables) {
            throw new CatalogFullException(table.name(), maxTables);
          }
          changed(
              connection,
              sql.insert,
              table.name(),
              table.status().name(),
              SettingsText.of(table.settings()),
              generation,
              table.createdAt().toEpochMilli(),
              table.changedAt().toEpochMilli());
          return table.withGeneration(generation);
        });
  }

  @Override
  public Mono<TableInfo> replace(TableInfo table) {
    return change(
        (connection, sql, generation) ->
            changed(
                        connection,
                        sql.replace,
                        table.status().name(),
                        SettingsText.of(table.settings()),
                        generation,
                        table.changedAt().toEpochMilli(),
                        table.name(),
                        table.generation())
                    == 1
                ? table.withGeneration(generation)
                : null);
  }

  @Override
  public Mono<Boolean> remove(TableInfo table) {
    return change(
            (connection, sql, generation) ->
                changed(connection, sql.remove, table.name(), table.generation()) == 1
                    ? true
                    : null)
        .defaultIfEmpty(false);
  }

  /** Makes a change with the next generation, unless its result is null. */
  private <T> Mono<T> change(Change<T> change) {
    return Mono.fromCallable(
            () -> {
              try (Connection connection = dataSource.getConnection()) {
                return inTransaction(connection, change);
              }
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static <T> @Nullable T inTransaction(Connection connection, Change<T> change)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      // First, so that it takes the lock: SQLite would refuse to upgrade a read.
      changed(connection, CatalogSql.NEXT_GENERATION);
      T result = change.apply(connection, sqlOf(connection), generation(connection));
      if (result == null) {
        connection.rollback();
      } else {
        connection.commit();
      }
      return result;
    } catch (SQLException | RuntimeException failure) {
      rollBack(connection, failure);
      throw failure;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void rollBack(Connection connection, Exception failure) {
    try {
      connection.rollback();
    } catch (SQLException second) {
      failure.addSuppressed(second);
    }
  }

  private <T> Mono<T> send(Work<T> work) {
    return Mono.fromCallable(
            () -> {
              try (Connection connection = dataSource.getConnection()) {
                return work.apply(connection, sqlOf(connection));
              }
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static CatalogSql sqlOf(Connection connection) throws SQLException {
    return CatalogSql.of(connection.getMetaData().getDatabaseProductName());
  }

  private static TableInfo table(ResultSet row) throws SQLException {
    return new TableInfo(
        row.getString(1),
        TableStatus.valueOf(row.getString(2)),
        SettingsText.parse(row.getString(3)),
        row.getLong(4),
        Instant.ofEpochMilli(row.getLong(5)),
        Instant.ofEpochMilli(row.getLong(6)));
  }

  private static int changed(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  private static <T> List<T> rows(
      Connection connection, String sql, Reader<T> reader, Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values);
        ResultSet result = statement.executeQuery()) {
      List<T> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(reader.read(result));
      }
      return rows;
    }
  }

  private static PreparedStatement prepared(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  @Override
  public String toString() {
    return "JdbcCatalogStore";
  }
}
