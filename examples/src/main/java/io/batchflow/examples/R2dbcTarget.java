package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.Request;
import io.batchflow.Schema;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.SqlDialect;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database behind an R2DBC driver. */
final class R2dbcTarget implements Target {

  private static final Duration CONNECT = Duration.ofSeconds(15);

  private final ConnectionFactory factory;
  private final SqlDialect dialect;

  /** Kept open all along: a database in memory lives as long as someone is connected. */
  private final Connection connection;

  private R2dbcTarget(ConnectionFactory factory, SqlDialect dialect, Connection connection) {
    this.factory = factory;
    this.dialect = dialect;
    this.connection = connection;
  }

  static R2dbcTarget open(String url) {
    try {
      ConnectionFactory factory = ConnectionFactories.get(url);
      SqlDialect dialect = SqlDialect.of(factory.getMetadata().getName());
      Connection connection = Mono.from(factory.create()).block(CONNECT);
      return new R2dbcTarget(factory, dialect, Objects.requireNonNull(connection));
    } catch (RuntimeException failure) {
      throw new LoadException("Database " + url + " cannot be reached: " + failure.getMessage());
    }
  }

  @Override
  public Map<ColumnType, String> types() {
    Map<ColumnType, String> types = new EnumMap<>(ColumnType.class);
    types.put(ColumnType.BIGINT, "BIGINT");
    types.put(ColumnType.DOUBLE, "DOUBLE PRECISION");
    types.put(ColumnType.BOOLEAN, "BOOLEAN");
    types.put(ColumnType.DATE, "DATE");
    types.put(ColumnType.TIMESTAMP, "TIMESTAMP");
    types.put(ColumnType.TIMESTAMP_WITH_TIME_ZONE, "TIMESTAMP WITH TIME ZONE");
    types.put(ColumnType.TEXT, "VARCHAR");
    return types;
  }

  @Override
  public List<Column> columnsOf(String table) {
    String name = table.substring(table.lastIndexOf('.') + 1);
    Statement query =
        connection
            .createStatement(
                "SELECT column_name, data_type FROM information_schema.columns"
                    + " WHERE lower(table_name) = lower($1) ORDER BY ordinal_position")
            .bind(0, name);
    return read(query).stream()
        .map(row -> new Column(row.get(0), ColumnType.declared(row.get(1))))
        .toList();
  }

  @Override
  public void execute(String sql) {
    try {
      Flux.from(connection.createStatement(sql).execute())
          .flatMap(Result::getRowsUpdated)
          .blockLast();
    } catch (R2dbcException failure) {
      throw failed(failure);
    }
  }

  @Override
  public List<List<String>> query(String sql) {
    return read(connection.createStatement(sql));
  }

  private static List<List<String>> read(Statement query) {
    try {
      return Flux.from(query.execute())
          .concatMap(result -> result.map((row, metadata) -> texts(row)))
          .collectList()
          .blockOptional()
          .orElseThrow();
    } catch (R2dbcException failure) {
      throw failed(failure);
    }
  }

  private static List<String> texts(Row row) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < row.getMetadata().getColumnMetadatas().size(); i++) {
      texts.add(String.valueOf(row.get(i)));
    }
    return texts;
  }

  @Override
  public String quote(String identifier) {
    return dialect.quote(identifier);
  }

  @Override
  public BatchWriter writer() {
    return R2dbcBatchWriter.create(factory, dialect);
  }

  @Override
  public void insertOneByOne(Schema schema, Flux<Request> rows) {
    String sql = insertOne(schema);
    rows.concatMap(row -> insert(sql, row)).blockLast();
  }

  private Mono<Long> insert(String sql, Request row) {
    Statement insert = connection.createStatement(sql);
    for (int i = 0; i < row.schema().columns().size(); i++) {
      Object value = row.value(i);
      if (value == null) {
        insert.bindNull(i, Object.class);
      } else {
        insert.bind(i, value);
      }
    }
    return Mono.from(insert.execute()).flatMap(result -> Mono.from(result.getRowsUpdated()));
  }

  @Override
  public void close() {
    Mono.from(connection.close()).block(CONNECT);
  }

  private static LoadException failed(R2dbcException failure) {
    return new LoadException("The database says: " + failure.getMessage());
  }
}
