package io.batchflow.r2dbc;

import io.batchflow.Schema;
import io.batchflow.sql.SendState;
import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.SqlWriteException;
import io.batchflow.sql.writer.SessionEnder;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A batch that is being written: its connection, and how to withdraw it, to interrupt it, and to
 * make sure that it is over. Safe for any thread.
 */
final class InFlightWrite {

  private final SqlDialect dialect;
  private final Schema schema;
  private final SessionEnder sessions;
  private final SendState state = new SendState();
  private volatile @Nullable Acquisition acquisition;
  private volatile @Nullable Connection connection;
  private volatile @Nullable SessionId session;
  private volatile boolean givenUp;

  InFlightWrite(SqlDialect dialect, Schema schema) {
    this.dialect = dialect;
    this.schema = schema;
    this.sessions = new SessionEnder(dialect, dialect.blocking());
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
  Mono<Void> interrupt(Mono<R2dbcOtherSession> other) {
    if (state.withdraw()) {
      return Mono.empty();
    }
    // The session was set before anything was sent.
    return sessions.interrupt(session, other);
  }

  /**
   * Stops waiting for a connection, or closes the connection of the driver. The pool will find it
   * unusable and discard it. A driver that blocks is waited for: to close its connection would
   * block as well, and H2 would keep the locks of a statement that runs.
   */
  void giveUp() {
    givenUp = true;
    state.withdraw();
    Acquisition waiting = acquisition;
    if (waiting != null) {
      acquisition = null;
      waiting.end(notSent(null));
    }
    if (!dialect.blocking()) {
      discard();
    }
  }

  /** Called when the driver has ended the write, on a thread that it may block. */
  void ended() {
    if (givenUp && dialect.blocking()) {
      discard();
    }
  }

  private void discard() {
    Connection acquired = connection;
    if (acquired != null) {
      Mono.from(SessionIds.raw(acquired, Connection.class).close()).onErrorComplete().subscribe();
    }
  }

  /**
   * Ends the session from another one. After that, nothing that the write sent can be applied
   * later. Completes with false if the database ends no sessions.
   */
  Mono<Boolean> abandon(Mono<R2dbcOtherSession> other) {
    giveUp();
    return state.isSent() ? sessions.end(session, other) : Mono.just(true);
  }
}
