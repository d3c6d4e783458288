package io.batchflow.micrometer;

import io.batchflow.Batch;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Creates one Observation for each attempt to write a batch. It is current while the writer's
 * {@code Mono} is subscribed, and it is in the Reactor Context, so that Observations of a driver
 * become its children.
 *
 * <pre>{@code
 * BatchFlow flow = BatchFlow.builder(ObservedBatchWriter.create(writer, observations)).build();
 * }</pre>
 *
 * <p>{@link BatchSpanHandler} creates a span for each, linked to the spans of the callers. Does
 * nothing while the registry has no handler. Exceptions of handlers and conventions are logged and
 * ignored. Thread-safe.
 */
public final class ObservedBatchWriter {

  private static final Logger LOG = Loggers.getLogger(ObservedBatchWriter.class);
  private static final BatchWriteConvention STANDARD = new BatchWriteConvention();

  private final BatchWriter writer;
  private final ObservationRegistry registry;
  private final @Nullable ObservationConvention<BatchWriteContext> convention;

  private ObservedBatchWriter(
      BatchWriter writer,
      ObservationRegistry registry,
      @Nullable ObservationConvention<BatchWriteContext> convention) {
    this.writer = writer;
    this.registry = registry;
    this.convention = convention;
  }

  /**
   * Returns a writer that is observed by {@link BatchWriteConvention}, or by a matching {@link
   * io.micrometer.observation.GlobalObservationConvention} of the registry.
   */
  public static BatchWriter create(BatchWriter writer, ObservationRegistry registry) {
    return observed(writer, registry, null);
  }

  /** Returns a writer that is observed by the given convention. */
  public static BatchWriter create(
      BatchWriter writer,
      ObservationRegistry registry,
      ObservationConvention<BatchWriteContext> convention) {
    return observed(writer, registry, convention);
  }

  private static BatchWriter observed(
      BatchWriter writer,
      ObservationRegistry registry,
      @Nullable ObservationConvention<BatchWriteContext> convention) {
    ObservedBatchWriter observing = new ObservedBatchWriter(writer, registry, convention);
    return writer.decorate(
        (batch, write) ->
            registry.isNoop() ? write : Mono.defer(() -> observing.observed(batch, write)));
  }

  private Mono<BatchResult> observed(Batch batch, Mono<BatchResult> write) {
    BatchWriteContext context = new BatchWriteContext(batch, writer);
    Observation observation =
        Observation.createNotStarted(convention, STANDARD, () -> context, registry);
    if (!harmless(observation::start)) {
      return write;
    }
    AtomicBoolean running = new AtomicBoolean(true);
    Consumer<Runnable> end =
        how -> {
          if (running.getAndSet(false)) { // the result and the deadline may race
            harmless(() -> end(observation, context, how));
          }
        };
    Publisher<BatchResult> scoped = actual -> observation.scoped(() -> write.subscribe(actual));
    return Mono.fromDirect(scoped)
        .doOnSuccess(result -> end.accept(() -> context.ended(result)))
        .doOnError(failure -> end.accept(() -> context.failed(failure)))
        .doOnCancel(() -> end.accept(context::givenUp))
        .contextWrite(with -> with.put(ObservationThreadLocalAccessor.KEY, observation));
  }

  private static void end(Observation observation, BatchWriteContext context, Runnable how) {
    how.run();
    String errorType = context.errorType();
    if (errorType != null) {
      observation.error(new ObservedFailure(errorType));
    }
    observation.stop();
  }

  /** An exception of a handler or a convention must not affect the write. */
  private static boolean harmless(Runnable observing) {
    try {
      observing.run();
      return true;
    } catch (Throwable failure) {
      LOG.warn("A write could not be observed: {}", failure.getClass().getName());
      return false;
    }
  }
}
