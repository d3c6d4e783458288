package io.batchflow.r2dbc.catalog;

import io.batchflow.InvalidConfigurationException;
import io.batchflow.Schema;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.ConnectionFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Creates the tables of a catalog in PostgreSQL, MySQL, MariaDB or H2, and deletes their rows: for
 * services that add tables while they run. Names are used exactly as they are given, in quotes.
 *
 * <p>Thread-safe. Each request takes a connection, commits at once, and closes the connection. The
 * factory stays yours.
 */
public final class R2dbcTables {

  private final String product;
  private final SqlDialect dialect;
  private final Requests requests;

  private R2dbcTables(String product, Requests requests) {
    this.product = product;
    this.dialect = Dialects.of(product);
    this.requests = requests;
  }

  /**
   * Returns the tables of a database.
   *
   * @throws InvalidConfigurationException if the database is not supported
   */
  public static R2dbcTables create(ConnectionFactory factory) {
    Objects.requireNonNull(factory, "factory");
    String product = factory.getMetadata().getName();
    return new R2dbcTables(product, Requests.to(factory));
  }

  /**
   * Creates the table of a schema unless it exists. Its conflict key is the primary key. The
   * columns of the key, and those that the schema requires, are not null.
   *
   * @param types the type of each column of the schema
   * @throws InvalidConfigurationException if the types are not those of the columns
   */
  public Mono<Void> createIfAbsent(Schema schema, Map<String, ColumnType> types) {
    String sql = createText(schema, types);
    return requests.send(sql).then();
  }

  private String createText(Schema schema, Map<String, ColumnType> types) {
    if (!types.keySet().equals(Set.copyOf(schema.columns()))) {
      throw new InvalidConfigurationException(
          "types",
          "are those of " + types.keySet() + ", but the columns are " + schema.columns(),
          "Give one for each column of the schema");
    }
    List<String> key = schema.conflictKey();
    Stream<String> columns =
        schema.columns().stream()
            .map(
                column -> {
                  boolean inKey = key.contains(column);
                  boolean required = inKey || schema.requiredColumns().contains(column);
                  String type = Objects.requireNonNull(types.get(column)).in(product, inKey);
                  return dialect.quote(column) + " " + type + (required ? " NOT NULL" : "");
                });
    Stream<String> primaryKey =
        key.isEmpty() ? Stream.empty() : Stream.of("PRIMARY KEY (" + quoted(key, ", ") + ")");
    return Stream.concat(columns, primaryKey)
        .collect(
            Collectors.joining(
                ", ", "CREATE TABLE IF NOT EXISTS " + quoted(schema.tablePath(), ".") + " (", ")"));
  }

  private String quoted(List<String> names, String separator) {
    return names.stream().map(dialect::quote).collect(Collectors.joining(separator));
  }

  /**
   * Deletes all rows of a table in one statement, for {@code CatalogBinding.dropWithRows}.
   *
   * @return how many there were
   */
  public Mono<Long> deleteRows(String table) {
    String sql = "DELETE FROM " + dialect.quote(table);
    return requests.send(sql);
  }

  @Override
  public String toString() {
    return "R2dbcTables[" + product + "]";
  }
}
