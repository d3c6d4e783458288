package io.batchflow.jdbc;

import io.batchflow.sql.SendState;
import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import io.batchflow.sql.writer.SessionEnder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A batch that is being written: how to withdraw it, and how to make sure that it is over. Safe for
 * any thread.
 */
final class JdbcWrite {

  private final SqlDialect dialect;
  private final SendState state = new SendState();
  private final Sinks.Empty<Void> returned = Sinks.empty();
  private volatile @Nullable SessionId session;

  JdbcWrite(SqlDialect dialect) {
    this.dialect = dialect;
  }

  /** Marks the write as sent. Returns false if it was withdrawn. */
  boolean send(JdbcSession session) {
    this.session = session.id();
    return state.send();
  }

  /** Returns whether anything of the write was sent. */
  SendState state() {
    return state;
  }

  /** Called when the call of the driver has returned. */
  void returned() {
    returned.tryEmitEmpty();
  }

  /** Ends the session from another one. Completes with false if the database ends no sessions. */
  Mono<Boolean> abandon(DataSource source) {
    if (state.withdraw()) {
      return Mono.just(true);
    }
    if (dialect.inProcess()) {
      return returned.asMono().thenReturn(true);
    }
    return new SessionEnder(dialect, true).end(session, JdbcOtherSession.open(source));
  }
}
