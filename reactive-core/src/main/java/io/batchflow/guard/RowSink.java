package io.batchflow.guard;

import io.batchflow.Outcome;
import io.batchflow.Row;
import io.batchflow.WriteResult;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes rows: a {@link io.batchflow.BatchFlow}, or something before one that decides about each
 * row, such as a {@link GuardedFlow}. So several of them may stand before one flow. Thread-safe.
 */
public interface RowSink {

  /** Submits a row: see {@link io.batchflow.BatchFlow#submit BatchFlow.submit}. */
  Mono<WriteResult> submit(Row row);

  /** Submits a stream of rows: see {@link io.batchflow.BatchFlow#submitAll BatchFlow.submitAll}. */
  Flux<Outcome<Row>> submitAll(Publisher<? extends Row> rows);

  /**
   * Submits rows as one unit: see {@link io.batchflow.BatchFlow#submitTogether
   * BatchFlow.submitTogether}.
   */
  Mono<WriteResult> submitTogether(List<Row> rows);
}
