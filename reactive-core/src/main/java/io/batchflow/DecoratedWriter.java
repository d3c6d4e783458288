package io.batchflow;

import io.batchflow.stats.ConnectionStats;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Decorates the writes of a writer and delegates everything else. */
record DecoratedWriter(
    BatchWriter writer, BiFunction<Batch, Mono<BatchResult>, Mono<BatchResult>> decorator)
    implements BatchWriter {

  @Override
  public Mono<BatchResult> write(Batch batch) {
    return decorator.apply(batch, writer.write(batch));
  }

  @Override
  public int maxConcurrency() {
    return writer.maxConcurrency();
  }

  @Override
  public ConnectionStats connections() {
    return writer.connections();
  }

  @Override
  public @Nullable KeyEquality keyEquality(Schema schema) {
    return writer.keyEquality(schema);
  }

  @Override
  public Mono<Void> lookUp(Schema schema) {
    return writer.lookUp(schema);
  }

  @Override
  public boolean supportsDeletes(Schema schema) {
    return writer.supportsDeletes(schema);
  }

  @Override
  public boolean supportsUpdateOnly(Schema schema) {
    return writer.supportsUpdateOnly(schema);
  }

  @Override
  public boolean supportsUnits() {
    return writer.supportsUnits();
  }

  @Override
  public boolean returnsValues() {
    return writer.returnsValues();
  }

  @Override
  public boolean isRepeatable(Batch batch) {
    return writer.isRepeatable(batch);
  }

  @Override
  public Mono<Void> interrupt(Batch batch) {
    return writer.interrupt(batch);
  }

  @Override
  public boolean withdraw(Batch batch) {
    return writer.withdraw(batch);
  }

  @Override
  public Mono<Boolean> abandon(Batch batch) {
    return writer.abandon(batch);
  }

  @Override
  public FailureClassifier failureClassifier() {
    return writer.failureClassifier();
  }

  @Override
  public String system() {
    return writer.system();
  }

  @Override
  public @Nullable BackendError backendError(Throwable failure) {
    return writer.backendError(failure);
  }

  @Override
  public @Nullable String statusCode(Throwable failure) {
    return writer.statusCode(failure);
  }

  @Override
  public Mono<Void> close() {
    return writer.close();
  }
}
