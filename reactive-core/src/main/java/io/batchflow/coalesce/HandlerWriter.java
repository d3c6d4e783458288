package io.batchflow.coalesce;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Writes a batch of calls by calling the handler. */
record HandlerWriter<C, R>(BatchHandler<C, R> handler, boolean sharesEqualCalls, boolean repeatable)
    implements BatchWriter {

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return Mono.defer(
        () -> {
          CallBatch<C> calls = CallBatch.of(batch.rows(), sharesEqualCalls);
          return Objects.requireNonNull(
                  handler.handle(calls.calls()), "BatchHandler.handle returned null")
              .defaultIfEmpty(List.of())
              .map(calls::result);
        });
  }

  @Override
  public boolean isRepeatable(Batch batch) {
    return repeatable;
  }

  @Override
  public FailureClassifier failureClassifier() {
    return failure ->
        failure instanceof MissingReplyException
            ? FailureKind.UNKNOWN
            : FailureClassifier.standard().classify(failure);
  }
}
