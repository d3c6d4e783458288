package io.batchflow.r2dbc.retention;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/** Checks in each transaction whether the run may still delete. */
@FunctionalInterface
interface Fence {

  /** The fence of a run that competes with nobody. */
  Fence NONE = connection -> Mono.empty();

  /** Fails if it may not. */
  Mono<Void> check(Connection connection);
}
