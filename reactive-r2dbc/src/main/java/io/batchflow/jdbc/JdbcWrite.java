package io.batchflow.jdbc;

import io.batchflow.sql.SendState;
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
 * A batch that is being written: how to take it back, and to make sure that it is over. Safe for
 * any thread.
 */
final class JdbcWrite {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final SqlDialect dialect;
  private final SendState state = new SendState();
  private final Sinks.Empty<Void> returned = Sinks.empty();
  private volatile JdbcSession.@Nullable Id session;

  JdbcWrite(SqlDialect dialect) {
    this.dialect = dialect;
  }

  /** Returns false if the write was withdrawn before. */
  boolean send(JdbcSession session) {
    this.session = session.id();
    return state.send();
  }

  boolean isSent() {
    return state.isSent();
  }

  /** The driver's call has returned. */
  void returned() {
    returned.tryEmitEmpty();
  }

  /** Returns whether nothing was sent, and nothing will be. */
  boolean withdraw() {
    return state.withdraw();
  }

  /** Ends the session in the server, from another; false if this database ends no sessions. */
  Mono<Boolean> abandon(DataSource source) {
    if (withdraw()) {
      return Mono.just(true);
    }
    if (dialect.inProcess()) {
      return returned.asMono().thenReturn(true);
    }
    JdbcSession.Id known = session;
    String end = known == null ? null : dialect.endSession(known.number(), known.mark());
    if (known == null || end == null) {
      return Mono.just(false);
    }
    String find = dialect.findSession(known.number(), known.mark());
    return look(source, find, end)
        .filter(there -> there)
        .repeatWhen(rounds -> rounds.takeWhile(n -> n > 0).delayElements(BETWEEN_LOOKS))
        .then(Mono.just(true));
  }

  /** Not subscribeOn: it would interrupt the thread when cancelled, and some databases' files. */
  private static Mono<Boolean> look(DataSource source, String find, String end) {
    return Mono.create(
        sink ->
            Schedulers.boundedElastic()
                .schedule(
                    () -> {
                      try (Connection beside = source.getConnection();
                          Statement statement = beside.createStatement()) {
                        boolean there = isThere(statement, find);
                        if (there) {
                          execute(statement, end);
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
      // the next look tells
    }
  }
}
