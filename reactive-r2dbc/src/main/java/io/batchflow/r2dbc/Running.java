package io.batchflow.r2dbc;

import io.batchflow.Schema;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A batch that is being written: on which connection, and how to withdraw and to end it. Safe for
 * any thread.
 */
final class Running {

  private static final int WAITING = 0;
  private static final int SENT = 1;
  private static final int WITHDRAWN = 2;

  private final SqlDialect dialect;
  private final Schema schema;
  private final AtomicInteger state = new AtomicInteger(WAITING);
  private volatile @Nullable Acquisition acquisition;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Long sessionId;

  Running(SqlDialect dialect, Schema schema) {
    this.dialect = dialect;
    this.schema = schema;
  }

  /** Returns a connection of the source, or fails once the write is given up. */
  Mono<Connection> acquire(Mono<Connection> source) {
    return Mono.create(
        sink -> {
          Acquisition waiting = new Acquisition(sink, !dialect.blocking());
          acquisition = waiting;
          source.subscribe(waiting);
          if (state.get() == WITHDRAWN) {
            waiting.end(notSent(null));
          }
        });
  }

  /** Runs the work once the session's number is known. */
  <T> Mono<T> on(Connection acquired, Mono<Long> id, Mono<T> work) {
    connection = acquired;
    acquisition = null;
    return id.doOnNext(number -> sessionId = number).then(work);
  }

  /** Returns a statement with rows of the batch, which is not run if the write was withdrawn. */
  <T> Mono<T> send(Mono<T> statement) {
    return Mono.defer(
        () ->
            state.compareAndSet(WAITING, SENT) || state.get() == SENT
                ? statement
                : Mono.error(notSent(null)));
  }

  boolean isSent() {
    return state.get() == SENT;
  }

  SqlWriteException notSent(@Nullable Throwable cause) {
    return SqlWriteException.notSent(schema, cause);
  }

  /** Returns whether nothing was sent, and nothing will be. */
  boolean withdraw() {
    return state.compareAndSet(WAITING, WITHDRAWN) || state.get() == WITHDRAWN;
  }

  /** Has the server end the statement, which then fails on its own connection. */
  Mono<Void> interrupt(Mono<Connection> beside) {
    Long id = sessionId;
    if (withdraw() || id == null) {
      return Mono.empty();
    }
    return Mono.usingWhen(
        beside, other -> run(other, dialect.interrupt(id)), other -> close(other));
  }

  private static Mono<Void> run(Connection connection, String sql) {
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }

  private static Mono<Void> close(Connection connection) {
    return Mono.from(connection.close()).onErrorComplete();
  }

  /**
   * Waits for no connection any more, or closes the driver's connection under the pool, which will
   * find it of no use.
   */
  void giveUp() {
    withdraw();
    Acquisition waiting = acquisition;
    if (waiting != null) {
      waiting.end(notSent(null));
    }
    Connection acquired = connection;
    if (acquired != null) {
      close(SessionIds.raw(acquired, Connection.class)).subscribe();
    }
  }
}
