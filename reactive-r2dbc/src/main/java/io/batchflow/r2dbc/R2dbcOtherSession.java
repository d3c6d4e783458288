package io.batchflow.r2dbc;

import io.batchflow.sql.writer.OtherSession;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A session on a connection outside of the pool. */
record R2dbcOtherSession(Connection connection) implements OtherSession {

  @Override
  public Mono<Boolean> hasRow(String query) {
    return Flux.from(connection.createStatement(query).execute())
        .concatMap(result -> result.map(row -> true))
        .hasElements();
  }

  @Override
  public Mono<Void> run(String statement) {
    return Flux.from(connection.createStatement(statement).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }

  @Override
  public Mono<Void> close() {
    return Mono.from(connection.close()).onErrorComplete();
  }
}
