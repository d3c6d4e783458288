package io.batchflow.r2dbc.request;

import io.batchflow.Schema;
import io.batchflow.sql.CatalogRow;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads tables from the catalog of a database. */
public final class CatalogRows {

  /** A row of a result. Drivers return a boolean in different types. */
  private record RowCells(Readable row) implements CatalogRow.Cells<RuntimeException> {

    @Override
    public @Nullable String text(int column) {
      return row.get(column, String.class);
    }

    @Override
    public boolean truth(int column) {
      Object value = row.get(column);
      return Boolean.TRUE.equals(value)
          || (value instanceof Number number && number.intValue() != 0);
    }
  }

  private CatalogRows() {}

  /** Reads the columns of the tables with the name of that of a schema. */
  public static Mono<List<CatalogRow>> of(
      Connection connection, SqlDialect dialect, Schema schema) {
    return Flux.from(
            connection
                .createStatement(dialect.catalogQuery())
                .bind(0, SqlTable.nameOf(schema))
                .execute())
        .concatMap(result -> result.map((Readable row) -> CatalogRow.of(new RowCells(row))))
        .collectList();
  }
}
