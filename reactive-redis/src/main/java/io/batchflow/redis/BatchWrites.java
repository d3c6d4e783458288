package io.batchflow.redis;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Writes batches over a connector, and keeps the route of each until all its rows are written. */
final class BatchWrites {

  private final RedisConnector connector;
  private final RowEncoders encoders;
  private final Duration timeout;
  private final Duration outOfMemoryPause;
  private final boolean atomic;

  /** A batch without a good result keeps its route for as long as anyone holds the batch. */
  private final Map<Batch, Route> routes = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param timeout how long a batch waits for its answers
   * @param outOfMemoryPause how long the result of a batch is held back if the server was full
   * @param atomic whether each batch is one transaction
   */
  BatchWrites(
      RedisConnector connector,
      RowEncoders encoders,
      Duration timeout,
      Duration outOfMemoryPause,
      boolean atomic) {
    this.connector = connector;
    this.encoders = encoders;
    this.timeout = timeout;
    this.outOfMemoryPause = outOfMemoryPause;
    this.atomic = atomic;
  }

  Mono<BatchResult> write(Batch batch) {
    // Subscribed separately, so that no cancellation reaches commands in flight.
    return Mono.create(
        sink -> {
          Route route = new Route();
          routes.put(batch, route);
          sink.onCancel(route::withdraw);
          send(batch, route)
              .doOnNext(result -> forgetWritten(batch, result))
              .contextWrite(sink.contextView())
              .subscribe(sink::success, sink::error, sink::success);
        });
  }

  /** Returns the route of a batch; null if all its rows are written. */
  @Nullable Route route(Batch batch) {
    return routes.get(batch);
  }

  private void forgetWritten(Batch batch, BatchResult result) {
    if (result.rejected().isEmpty()) {
      routes.remove(batch);
    }
  }

  private Mono<BatchResult> send(Batch batch, Route route) {
    return Mono.defer(
        () -> {
          RowEncoder encoder = encoders.of(batch.schema());
          Pipeline pipeline = new Pipeline(batch, connector, route);
          encoder.encode(batch, pipeline, connector::slot);
          return pipeline
              .send(atomic)
              .then(Mono.defer(() -> pipeline.sendApart(encoder, atomic)))
              .timeout(timeout, Mono.fromRunnable(connector::reset))
              .then(Mono.fromSupplier(pipeline::result))
              .flatMap(this::considered);
        });
  }

  /**
   * Connects anew if the server has become a replica, to find the master. Delays the result if the
   * server is out of memory, so that the batch is not retried too soon.
   */
  private Mono<BatchResult> considered(BatchResult result) {
    boolean outOfMemory = false;
    boolean readOnly = false;
    for (Throwable failure : result.rejected().values()) {
      String code = RedisErrors.codeOf(failure);
      outOfMemory |= code.equals(RedisErrors.OUT_OF_MEMORY);
      readOnly |= code.equals(RedisErrors.READ_ONLY);
    }
    if (readOnly) {
      connector.reset();
    }
    Mono<BatchResult> signal = Mono.just(result);
    return outOfMemory ? signal.delayElement(outOfMemoryPause) : signal;
  }
}
