package io.batchflow;

import io.batchflow.test.RecordingWriter;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** A writer of a function that supports units. */
class UnitWriter implements BatchWriter {

  private final Function<Batch, Mono<BatchResult>> write;

  UnitWriter(Function<Batch, Mono<BatchResult>> write) {
    this.write = write;
  }

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return Mono.defer(() -> write.apply(batch));
  }

  @Override
  public boolean supportsUnits() {
    return true;
  }

  @Override
  public FailureClassifier failureClassifier() {
    return RecordingWriter.create().failureClassifier();
  }
}
