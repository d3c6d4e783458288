package io.batchflow.r2dbc.retention;

import reactor.core.publisher.Mono;

/** One run of one rule. For one subscription. Both tell a failure by the run. */
interface Job {

  /** Drops and deletes. */
  Mono<RetentionRun> clean();

  /** Counts only. */
  Mono<RetentionRun> count();
}
