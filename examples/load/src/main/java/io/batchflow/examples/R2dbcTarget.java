package io.batchflow.examples;

import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.dialect.Dialects;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.RowMetadata;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database over R2DBC. Blocks for every statement, which is fine in a main program. */
final class R2dbcTarget implements Target {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String url;
  private final ConnectionFactory factory;
  private final Connection connection;
  private final SqlDialect dialect;

  private R2dbcTarget(
      String url, ConnectionFactory factory, Connection connection, SqlDialect dialect) {
    this.url = url;
    this.factory = factory;
    this.connection = connection;
    this.dialect = dialect;
  }

  static R2dbcTarget open(String url) {
    ConnectionFactory factory = factory(url);
    try {
      SqlDialect dialect = Dialects.of(factory.getMetadata().getName());
      Connection connection = Mono.from(factory.create()).block(PATIENCE);
      return new R2dbcTarget(url, factory, Objects.requireNonNull(connection), dialect);
    } catch (RuntimeException failure) {
      throw new LoadException(
          "No connection to " + Reason.withoutCredentials(url) + ": " + Reason.of(failure),
          failure);
    }
  }

  /** R2DBC's own message quotes parts of the URL, which may be the password. */
  private static ConnectionFactory factory(String url) {
    try {
      return ConnectionFactories.get(url);
    } catch (RuntimeException wrong) {
      throw new LoadException(
          "No connection to "
              + Reason.withoutCredentials(url)
              + ": it is not an R2DBC URL of H2, MariaDB, MySQL or PostgreSQL, such as"
              + " r2dbc:postgresql://user:password@host:5432/database",
          wrong);
    }
  }

  @Override
  public String name() {
    return Reason.withoutCredentials(url);
  }

  @Override
  public SqlDialect dialect() {
    return dialect;
  }

  @Override
  public BatchWriter writer() {
    return R2dbcBatchWriter.create(factory, dialect);
  }

  @Override
  public void execute(String sql) {
    wait(Flux.from(connection.createStatement(sql).execute()).concatMap(Result::getRowsUpdated));
  }

  @Override
  public List<List<@Nullable Object>> query(String sql, Object... parameters) {
    Statement query = connection.createStatement(sql);
    bind(query, List.of(parameters));
    return wait(Flux.from(query.execute()).concatMap(result -> result.map(R2dbcTarget::row)));
  }

  private static List<@Nullable Object> row(Row row, RowMetadata metadata) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < metadata.getColumnMetadatas().size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }

  @Override
  public long executeEach(String sql, Flux<List<@Nullable Object>> rows) {
    return wait(rows.concatMap(row -> executeUnlessRejected(sql, row)).count().flux()).get(0);
  }

  private Mono<Long> executeUnlessRejected(String sql, List<@Nullable Object> row) {
    Statement statement = connection.createStatement(sql);
    bind(statement, row);
    return Flux.from(statement.execute())
        .concatMap(Result::getRowsUpdated)
        .onErrorComplete(
            failure ->
                failure instanceof R2dbcException rejection
                    && dialect.classify(rejection.getSqlState(), rejection.getErrorCode())
                        == FailureKind.DATA)
        .count();
  }

  private static void bind(Statement statement, List<? extends @Nullable Object> values) {
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value == null) {
        statement.bindNull(i, String.class);
      } else {
        statement.bind(i, value);
      }
    }
  }

  private static <T> List<T> wait(Flux<T> work) {
    try {
      return Objects.requireNonNull(work.collectList().block());
    } catch (R2dbcException failure) {
      throw new LoadException("The database says: " + Reason.of(failure), failure);
    }
  }

  @Override
  public void close() {
    Mono.from(connection.close()).block(PATIENCE);
  }
}
