package io.batchflow.kafka.connect;

import io.batchflow.ConflictStrategy;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.r2dbc.request.CatalogRows;
import io.batchflow.sql.Placeholder;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlTable;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Result;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * PostgreSQL, MySQL, MariaDB or H2.
 *
 * @param direct opens the connections that change tables
 */
record R2dbcBackend(R2dbcBatchWriter writer, ConnectionFactory direct) implements Backend {

  static R2dbcBackend of(ConnectionFactoryOptions options) {
    return new R2dbcBackend(R2dbcBatchWriter.create(options), ConnectionFactories.get(options));
  }

  @Override
  public SqlDialect dialect() {
    return Dialects.of(direct.getMetadata().getName());
  }

  @Override
  public Mono<Schema> schema(String table, ConflictStrategy strategy, List<String> key) {
    return writer.readSchema(table, strategy, key.toArray(new String[0]));
  }

  @Override
  public Mono<RealTable> real(Schema schema) {
    boolean numbered = dialect().product().equals("PostgreSQL");
    SqlDialect spelled =
        dialect().withPlaceholder(numbered ? Placeholder.NUMBERED : Placeholder.QUESTION_MARK);
    return Mono.usingWhen(
            direct.create(),
            connection -> CatalogRows.of(connection, spelled, schema),
            Connection::close)
        .map(rows -> real(SqlTable.resolve(schema, rows)))
        .subscribeOn(Schedulers.boundedElastic());
  }

  private static RealTable real(SqlTable table) {
    List<String> columns = table.schema().columns();
    Map<String, ColumnLimit> limits = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      ColumnLimit limit = ColumnLimit.of(table.column(i).type());
      if (limit != null) {
        limits.put(columns.get(i), limit);
      }
    }
    return new RealTable(table.path(), limits);
  }

  @Override
  public Mono<Void> reach() {
    return run("SELECT 1");
  }

  @Override
  public Mono<Void> run(String statement) {
    return Mono.usingWhen(
            direct.create(),
            connection ->
                Flux.from(connection.createStatement(statement).execute())
                    .flatMap(Result::getRowsUpdated)
                    .then(),
            Connection::close)
        .subscribeOn(Schedulers.boundedElastic()); // the driver of H2 blocks
  }
}
