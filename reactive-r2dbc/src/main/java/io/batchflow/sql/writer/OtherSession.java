package io.batchflow.sql.writer;

import reactor.core.publisher.Mono;

/**
 * A session beside those that write, to look at them and to end them. Makes one call at a time,
 * which may block the thread that subscribes.
 */
public interface OtherSession {

  /** Runs a query. Completes with whether its result has a row. */
  Mono<Boolean> hasRow(String query);

  /** Runs a statement. */
  Mono<Void> run(String statement);

  /** Closes the session. Completes even if that fails. */
  Mono<Void> close();
}
