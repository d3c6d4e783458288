package io.batchflow.sql.writer;

import io.batchflow.ConflictStrategy;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlPreview;
import io.batchflow.sql.SqlStatement;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.TableCache;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import reactor.core.publisher.Mono;

/** Looks up tables outside of a batch, and remembers them. Safe for any thread. */
public final class TableLookup {

  /** The column of a schema that is only the name of its table. */
  private static final String UNKNOWN = "*";

  private final SqlDialect dialect;
  private final TableCache tables;
  private final Function<Schema, Mono<SqlTable>> catalog;
  private final Function<Schema, Mono<List<CatalogRow>>> columns;
  private final IntUnaryOperator size;

  /**
   * Creates it for a writer.
   *
   * @param tables the tables that the writer knows
   * @param catalog reads the table of a schema from the catalog
   * @param columns reads the columns of the tables with the name of that of a schema
   * @param size as for {@link SqlStatement#of}
   */
  public TableLookup(
      SqlDialect dialect,
      TableCache tables,
      Function<Schema, Mono<SqlTable>> catalog,
      Function<Schema, Mono<List<CatalogRow>>> columns,
      IntUnaryOperator size) {
    this.dialect = dialect;
    this.tables = tables;
    this.catalog = catalog;
    this.columns = columns;
    this.size = size;
  }

  /** Compares a schema with the table that the database has now. */
  public Mono<Void> verify(Schema schema) {
    return read(schema).then();
  }

  /** Returns the statements that rows of one schema would become as one batch. */
  public Mono<SqlPreview> preview(List<Row> rows) {
    Schema schema = rows.get(0).schema();
    return Mono.defer(() -> Mono.justOrEmpty(tables.of(schema)))
        .switchIfEmpty(Mono.defer(() -> read(schema)))
        .map(table -> SqlPreview.of(dialect, table, rows, size));
  }

  /** Reads the schema of a table, as {@link SqlTable#schemaOf} describes. */
  public Mono<Schema> schema(String table, ConflictStrategy onConflict, List<String> key) {
    Schema name = Schema.table(table).columns(UNKNOWN).build();
    return columns
        .apply(name)
        .map(
            rows -> {
              Schema schema = SqlTable.schemaOf(name, rows, onConflict, key);
              SqlTable.resolve(schema, rows).writableBy(dialect);
              return schema;
            });
  }

  private Mono<SqlTable> read(Schema schema) {
    return catalog.apply(schema).doOnNext(tables::remember);
  }
}
