package io.batchflow.tenant;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import reactor.core.publisher.Mono;

/** A writer that tells when it is closed. */
record ClosingWriter(BatchWriter writer, Runnable closed) implements BatchWriter {

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return writer.write(batch);
  }

  @Override
  public Mono<Void> close() {
    return writer.close().doOnTerminate(closed);
  }
}
