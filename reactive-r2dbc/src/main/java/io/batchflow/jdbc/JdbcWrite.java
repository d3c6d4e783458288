package io.batchflow.jdbc;

import io.batchflow.sql.SendState;
import io.batchflow.sql.SessionId;
import io.batchflow.sql.SqlDialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * A batch that is being written: how to withdraw it, and how to make sure that it is over. Safe for
 * any thread.
 */
final class JdbcWrite {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

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
    SessionId known = session;
    SessionId.End end = known == null ? null : known.end(dialect);
    if (end == null) {
      return Mono.just(false);
    }
    return look(source, end)
        .filter(there -> there)
        .repeatWhen(rounds -> rounds.takeWhile(n -> n > 0).delayElements(BETWEEN_LOOKS))
        .then(Mono.just(true));
  }

  /**
   * Not subscribeOn: a cancel would interrupt the thread, which damages files of some databases.
   */
  private static Mono<Boolean> look(DataSource source, SessionId.End end) {
    return Mono.create(
        sink ->
            Schedulers.boundedElastic()
                .schedule(
                    () -> {
                      try (Connection beside = source.getConnection();
                          Statement statement = beside.createStatement()) {
                        boolean there = isThere(statement, end.find());
                        if (there) {
                          execute(statement, end.end());
                        }
                        sink.success(there);
                      } catch (SQLException | RuntimeException notKnown) {
                        sink.error(notKnown);
                      }
                    }));
  }

  private static boolean isThere(Statement statement, String find) throws SQLException {
    try (ResultSet found = statement.executeQuery(find)) {
      return found.next();
    }
  }

  private static void execute(Statement statement, String end) {
    try {
      statement.execute(end);
    } catch (SQLException goneOrForbidden) {
      // the next look shows whether the session is gone
    }
  }
}
