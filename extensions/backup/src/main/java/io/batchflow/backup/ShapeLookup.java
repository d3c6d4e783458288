package io.batchflow.backup;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.r2dbc.request.CatalogRows;
import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds a table and its columns in the catalog of the database. Thread-safe. */
final class ShapeLookup {

  /** The column of a schema that is only the name of its table. */
  private static final String UNKNOWN = "*";

  /** The name of the primary key in {@link CatalogRow#uniqueKeys()}. */
  private static final String PRIMARY = "*";

  private final SqlDialect dialect;
  private final BackupSql sql;

  ShapeLookup(SqlDialect dialect, BackupSql sql) {
    this.dialect = dialect;
    this.sql = sql;
  }

  /** Fails if there is no such table, or it has no primary key. */
  Mono<Shape> find(Connection connection, String table) {
    Schema name = Schema.table(table).columns(UNKNOWN).build();
    return CatalogRows.of(connection, dialect, name)
        .flatMap(
            rows -> {
              Schema schema = SqlTable.schemaOf(name, rows, ConflictStrategy.FAIL, List.of());
              SqlTable found = SqlTable.resolve(schema, rows);
              return computed(connection, found)
                  .map(computed -> shape(table, found, rows, computed));
            });
  }

  private Mono<Set<String>> computed(Connection connection, SqlTable table) {
    return Flux.defer(
            () -> Requests.bound(connection, sql.computed(), table.path().toArray()).execute())
        .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, String.class))))
        .collect(Collectors.toSet());
  }

  private Shape shape(String name, SqlTable table, List<CatalogRow> rows, Set<String> computed) {
    Set<String> key =
        rows.stream()
            .filter(row -> List.of(row.schema(), row.table()).equals(table.path()))
            .filter(row -> isPrimary(row.uniqueKeys()))
            .map(CatalogRow::column)
            .collect(Collectors.toSet());
    if (key.isEmpty()) {
      throw new BackupException(
          "Table '" + name + "' has no primary key, by which its rows could be read in parts",
          "Add one");
    }
    return new Shape(
        name,
        table.path().stream().map(dialect::quote).collect(Collectors.joining(".")),
        table.columns().stream()
            .filter(column -> !computed.contains(column.name()))
            .map(
                column ->
                    sql.column(column, dialect.quote(column.name()), key.contains(column.name())))
            .toList());
  }

  private static boolean isPrimary(@Nullable String uniqueKeys) {
    return uniqueKeys != null && uniqueKeys.lines().anyMatch(PRIMARY::equals);
  }
}
