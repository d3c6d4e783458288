package io.batchflow.benchmarks.differential;

import io.batchflow.BatchWriter;
import io.batchflow.r2dbc.R2dbcBatchWriter;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A database over an R2DBC driver: a pool for the flow, and one connection for plain statements.
 */
final class R2dbcSite implements Site {

  static final int CONNECTIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ConnectionFactory factory;
  private final List<String> session;
  private final ConnectionPool pool;
  private @Nullable Connection connection;

  /**
   * Opens a database.
   *
   * @param session statements that set up the connection for plain statements
   */
  R2dbcSite(ConnectionFactory factory, List<String> session) {
    this.factory = factory;
    this.session = session;
    this.pool =
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(factory)
                .initialSize(0)
                .maxSize(CONNECTIONS)
                .build());
  }

  private Connection connection() {
    Connection open = connection;
    boolean alive =
        open != null
            && Boolean.TRUE.equals(Mono.from(open.validate(ValidationDepth.LOCAL)).block(PATIENCE));
    if (open == null || !alive) {
      open = Mono.from(factory.create()).block(PATIENCE);
      if (open == null) {
        throw new IllegalStateException("no connection");
      }
      connection = open;
      run(session);
    }
    return open;
  }

  @Override
  public void run(List<String> statements) {
    for (String sql : statements) {
      updated(connection().createStatement(sql)).block(PATIENCE);
    }
  }

  private static Mono<Void> updated(Statement statement) {
    return Flux.from(statement.execute()).concatMap(Result::getRowsUpdated).then();
  }

  @Override
  public List<List<String>> query(String sql, int columns) {
    List<List<String>> rows =
        Flux.from(connection().createStatement(sql).execute())
            .concatMap(
                result ->
                    result.map(
                        (row, metadata) -> {
                          List<String> values = new ArrayList<>();
                          for (int column = 0; column < columns; column++) {
                            values.add(String.valueOf(row.get(column)));
                          }
                          return values;
                        }))
            .collectList()
            .block(PATIENCE);
    return rows == null ? List.of() : rows;
  }

  @Override
  public void execute(String sql, List<Parameter> parameters) throws Rejection {
    answered(() -> updated(bound(sql, parameters)).block(PATIENCE));
  }

  @Override
  public long count(String sql, List<Parameter> parameters) throws Rejection {
    Long count =
        answered(
            () ->
                Flux.from(bound(sql, parameters).execute())
                    .concatMap(result -> result.map((row, metadata) -> row.get(0, Long.class)))
                    .blockLast(PATIENCE));
    return count == null ? 0 : count;
  }

  private Statement bound(String sql, List<Parameter> parameters) {
    Statement statement = connection().createStatement(sql);
    for (int index = 0; index < parameters.size(); index++) {
      Parameter parameter = parameters.get(index);
      Object value = parameter.value();
      if (value == null) {
        statement.bindNull(index, parameter.type());
      } else {
        statement.bind(index, value);
      }
    }
    return statement;
  }

  private <T> @Nullable T answered(Supplier<@Nullable T> statement) throws Rejection {
    try {
      return statement.get();
    } catch (RuntimeException failure) {
      int code = failure instanceof R2dbcException driver ? driver.getErrorCode() : 0;
      String state =
          failure instanceof R2dbcException driver && driver.getSqlState() != null
              ? driver.getSqlState()
              : failure.getClass().getSimpleName();
      checkAlive(failure);
      throw new Rejection(code, state + ": " + failure.getMessage());
    }
  }

  /** Asks only the driver, as a query would fail in a failed transaction. */
  private void checkAlive(RuntimeException failure) {
    Boolean alive = Mono.from(connection().validate(ValidationDepth.LOCAL)).block(PATIENCE);
    if (!Boolean.TRUE.equals(alive)) {
      connection = null;
      throw new IllegalStateException("A plain statement lost its connection", failure);
    }
  }

  @Override
  public void begin() {
    Mono.from(connection().beginTransaction()).block(PATIENCE);
  }

  @Override
  public void commit() {
    Mono.from(connection().commitTransaction()).block(PATIENCE);
  }

  @Override
  public BatchWriter writer() {
    return R2dbcBatchWriter.create(pool);
  }

  @Override
  public void close() {
    pool.disposeLater().block(PATIENCE);
    Connection open = connection;
    if (open != null) {
      Mono.from(open.close()).block(PATIENCE);
    }
  }
}
