package io.batchflow.r2dbc.retention;

import io.batchflow.FailureKind;
import io.batchflow.sql.SqlDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * The requests to SQLite, each on a connection of its own and committed at once, on threads that
 * may block. One that meets the lock of another writer is repeated. Immutable.
 */
final class SqliteSteps {

  private static final int RETRIES = 5;
  private static final Duration BACKOFF = Duration.ofMillis(100);

  private final DataSource source;
  private final SqlDialect dialect;
  private final Scheduler scheduler;

  SqliteSteps(DataSource source, SqlDialect dialect, Scheduler scheduler) {
    this.source = source;
    this.dialect = dialect;
    this.scheduler = scheduler;
  }

  /** Work with a connection. */
  interface Work<T> {

    T apply(Connection connection) throws SQLException;
  }

  /** Does work. Who cancels does not interrupt it. */
  <T> Mono<T> send(Work<T> work) {
    Mono<T> request =
        Mono.fromCallable(() -> done(work))
            .subscribeOn(Schedulers.boundedElastic())
            .retryWhen(
                Retry.backoff(RETRIES, BACKOFF)
                    .scheduler(scheduler)
                    .filter(this::isLocked)
                    .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
    return Mono.defer(() -> Mono.fromFuture(request.toFuture(), true));
  }

  private <T> T done(Work<T> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      if (!connection.getAutoCommit()) {
        connection.setAutoCommit(true);
      }
      return work.apply(connection);
    }
  }

  private boolean isLocked(Throwable failure) {
    return failure instanceof SQLException by
        && dialect.classify(by.getSQLState(), by.getErrorCode()) == FailureKind.TRANSIENT;
  }
}
