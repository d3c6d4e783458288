package io.batchflow.r2dbc;

import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A batch that is being written: on which connection, and how to end it. Safe for any thread. */
final class Running {

  private final SqlDialect dialect;
  private final Schema schema;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Long sessionId;
  private volatile boolean ended;

  Running(SqlDialect dialect, Schema schema) {
    this.dialect = dialect;
    this.schema = schema;
  }

  /** Runs the work once the session's number is known, unless its deadline has passed by then. */
  <T> Mono<T> on(Connection acquired, Mono<Long> id, Mono<T> work) {
    connection = acquired;
    return id.doOnNext(number -> sessionId = number)
        .then(
            Mono.defer(
                () ->
                    ended
                        ? Mono.error(
                            new SqlWriteException(
                                FailureKind.TRANSIENT,
                                schema,
                                "the deadline passed before the batch was sent",
                                "Connections are slow to come: look at the pool and the server",
                                null))
                        : work));
  }

  /** Has the server end the statement, which then fails on its own connection. */
  Mono<Void> interrupt(Mono<Connection> beside) {
    ended = true;
    Long id = sessionId;
    if (id == null) {
      return Mono.empty();
    }
    return Mono.usingWhen(
        beside,
        other ->
            Flux.from(other.createStatement(dialect.interrupt(id)).execute())
                .concatMap(Result::getRowsUpdated)
                .then(),
        other -> Mono.from(other.close()).onErrorComplete());
  }

  /** Closes the driver's connection under the pool, which will find it of no use. */
  void giveUp() {
    ended = true;
    Connection acquired = connection;
    if (acquired != null) {
      Mono.from(SessionIds.raw(acquired, Connection.class).close()).onErrorComplete().subscribe();
    }
  }
}
