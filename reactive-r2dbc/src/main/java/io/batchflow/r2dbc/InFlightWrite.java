package io.batchflow.r2dbc;

import io.batchflow.Schema;
import io.batchflow.sql.SendState;
import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlWriteException;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A batch that is being written: its connection, and how to withdraw it, to interrupt it, and to
 * make sure that it is over. Safe for any thread.
 */
final class InFlightWrite {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final SqlDialect dialect;
  private final Schema schema;
  private final SendState state = new SendState();
  private volatile @Nullable Acquisition acquisition;
  private volatile @Nullable Connection connection;
  private volatile @Nullable SessionId session;

  InFlightWrite(SqlDialect dialect, Schema schema) {
    this.dialect = dialect;
    this.schema = schema;
  }

  /** Returns a connection of the source. Fails if the write is given up meanwhile. */
  Mono<Connection> acquire(Mono<Connection> source) {
    return Mono.create(
        sink -> {
          Acquisition waiting = new Acquisition(sink, !dialect.blocking());
          acquisition = waiting;
          source.subscribe(waiting);
          if (state.isWithdrawn()) {
            waiting.end(notSent(null));
          }
        });
  }

  /** Runs the work on a connection once its session is known. */
  <T> Mono<T> on(Connection acquired, Mono<SessionId> id, Mono<T> work) {
    connection = acquired;
    acquisition = null;
    return id.doOnNext(known -> session = known).then(work);
  }

  /** Runs a statement with rows of the batch, unless the write was withdrawn. */
  <T> Mono<T> send(Mono<T> statement) {
    return Mono.defer(() -> state.send() ? statement : Mono.error(notSent(null)));
  }

  /** Returns whether anything of the write was sent. */
  SendState state() {
    return state;
  }

  private SqlWriteException notSent(@Nullable Throwable cause) {
    return SqlWriteException.notSent(schema, cause);
  }

  /** Ends the statement in the server. It then fails on its own connection. */
  Mono<Void> interrupt(Mono<Connection> sideConnection) {
    if (state.withdraw()) {
      return Mono.empty();
    }
    SessionId known = session; // was set before anything was sent
    if (known == null) {
      return Mono.empty();
    }
    return Mono.usingWhen(
        sideConnection,
        other -> run(other, dialect.interrupt(known.number())),
        other -> close(other));
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
   * Stops waiting for a connection, or closes the connection of the driver. The pool will find it
   * unusable and discard it.
   */
  void giveUp() {
    state.withdraw();
    Acquisition waiting = acquisition;
    if (waiting != null) {
      acquisition = null;
      waiting.end(notSent(null));
    }
    Connection acquired = connection;
    if (acquired != null) {
      close(SessionIds.raw(acquired, Connection.class)).subscribe();
    }
  }

  /**
   * Ends the session from another one. After that, nothing that the write sent can be applied
   * later. Completes with false if the database ends no sessions.
   */
  Mono<Boolean> abandon(Mono<Connection> sideConnection) {
    giveUp();
    if (!state.isSent()) {
      return Mono.just(true);
    }
    SessionId known = session;
    SessionId.End end = known == null ? null : known.end(dialect);
    return end == null
        ? Mono.just(false)
        : Mono.usingWhen(sideConnection, other -> gone(other, end), other -> close(other));
  }

  private static Mono<Boolean> isThere(Connection other, String find) {
    return Flux.from(other.createStatement(find).execute())
        .concatMap(result -> result.map(row -> true))
        .hasElements();
  }

  private static Mono<Boolean> gone(Connection other, SessionId.End end) {
    return Mono.defer(() -> isThere(other, end.find()))
        .filter(found -> found)
        .flatMap(found -> run(other, end.end()).onErrorComplete().thenReturn(found))
        // The next look needs a thread that may block, as the driver of H2 blocks.
        .repeatWhen(
            rounds ->
                rounds
                    .takeWhile(found -> found > 0)
                    .delayElements(BETWEEN_LOOKS, Schedulers.boundedElastic()))
        .then(Mono.just(true));
  }
}
