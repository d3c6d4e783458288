package io.batchflow.r2dbc.retention;

import io.batchflow.r2dbc.request.Requests;
import io.batchflow.sql.SqlDialect;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * The requests of one run. A cancelled run ends after its current request: drivers do not take it
 * well if a statement is cancelled. Immutable.
 */
final class Steps {

  private static final int RETRIES = 5;
  private static final Duration BACKOFF = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final Requests requests;
  private final SqlDialect dialect;
  private final RetentionSql sql;
  private final Fence fence;
  private final Scheduler scheduler;

  Steps(Requests requests, SqlDialect dialect, RetentionSql sql, Fence fence, Scheduler scheduler) {
    this.requests = requests;
    this.dialect = dialect;
    this.sql = sql;
    this.fence = fence;
    this.scheduler = scheduler;
  }

  /** Sends queries. */
  <T> Mono<T> query(Function<Connection, Mono<T>> query) {
    return whole(requests.send(query));
  }

  /** Runs work that has a result in a transaction, again if it lost against another one. */
  <T> Mono<T> change(Target target, Function<Connection, Mono<T>> work) {
    return once(target, work)
        .retryWhen(
            Retry.backoff(RETRIES, BACKOFF)
                .scheduler(scheduler)
                .filter(this::isLostRace)
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
  }

  /** Runs work that has a result in a transaction. */
  <T> Mono<T> once(Target target, Function<Connection, Mono<T>> work) {
    return whole(
        requests.send(
            connection ->
                sql.inZone(connection, target, atomically(connection, work.apply(connection)))));
  }

  private <T> Mono<T> atomically(Connection connection, Mono<T> work) {
    Mono<Void> begin = sql.begin(connection).then(Mono.defer(() -> fence.check(connection)));
    return Requests.atomically(connection, begin, work);
  }

  private <T> Mono<T> whole(Mono<T> request) {
    return Mono.defer(() -> Mono.fromFuture(request.toFuture(), true)).timeout(TIMEOUT, scheduler);
  }

  /** Returns whether a transaction failed because of another one. */
  boolean isLostRace(Throwable failure) {
    return failure instanceof R2dbcException by
        && switch (dialect.classify(by.getSqlState(), by.getErrorCode())) {
          case CONTENTION, TRANSIENT -> true;
          default -> false;
        };
  }
}
