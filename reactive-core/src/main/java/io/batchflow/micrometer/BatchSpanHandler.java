package io.batchflow.micrometer;

import io.batchflow.InvalidConfigurationException;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.contextpropagation.ObservationAwareSpanThreadLocalAccessor;
import io.micrometer.tracing.handler.TracingObservationHandler;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Creates a client span for each Observation of an {@link ObservedBatchWriter}. The span has no
 * parent, since a batch has many callers. It is linked to the sampled spans of the callers. A
 * caller without a span may have the header of W3C Trace Context as text under {@code
 * "traceparent"} in its Context.
 *
 * <p>Register it before any other {@link TracingObservationHandler}, so that only the first
 * matching handler is used. Thread-safe.
 */
public final class BatchSpanHandler implements TracingObservationHandler<BatchWriteContext> {

  private static final int MAX_LINKS = 64;

  /** Attributes that are numbers in OpenTelemetry. */
  private static final Set<String> NUMBERS =
      Set.of(BatchWriteConvention.BATCH_SIZE, BatchWriteConvention.ATTEMPT);

  private final Tracer tracer;
  private final int maxLinks;

  private BatchSpanHandler(Tracer tracer, int maxLinks) {
    this.tracer = tracer;
    this.maxLinks = maxLinks;
  }

  /** Creates a handler that links a span to at most 64 callers. */
  public static BatchSpanHandler create(Tracer tracer) {
    return create(tracer, MAX_LINKS);
  }

  /**
   * Creates a handler.
   *
   * @param maxLinks the maximum number of linked callers; OpenTelemetry's SDK keeps 128 links by
   *     default
   * @throws InvalidConfigurationException unless from 0 to 10,000
   */
  public static BatchSpanHandler create(Tracer tracer, int maxLinks) {
    if (maxLinks < 0 || maxLinks > 10_000) {
      throw new InvalidConfigurationException(
          "maxLinks", "is " + maxLinks, "Give a number from 0 to 10000");
    }
    return new BatchSpanHandler(tracer, maxLinks);
  }

  @Override
  public Tracer getTracer() {
    return tracer;
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof BatchWriteContext;
  }

  /** Links and known attributes are set before the start, so that samplers see them. */
  @Override
  public void onStart(BatchWriteContext context) {
    Span.Builder span =
        tracer.spanBuilder().setNoParent().kind(Span.Kind.CLIENT).name(getSpanName(context));
    for (KeyValue value : context.getAllKeyValues()) {
      if (NUMBERS.contains(value.getKey())) {
        span.tag(value.getKey(), Long.parseLong(value.getValue()));
      } else if (isThere(value)) {
        span.tag(value.getKey(), value.getValue());
      }
    }
    context
        .batch()
        .contexts()
        .map(this::sampledTrace)
        .flatMap(Optional::stream)
        .distinct()
        .limit(maxLinks)
        .forEach(trace -> span.addLink(new Link(trace)));
    getTracingContext(context).setSpan(span.start());
  }

  @Override
  public void onStop(BatchWriteContext context) {
    Span span = getRequiredSpan(context);
    span.name(getSpanName(context));
    tagSpan(context, span);
    endSpan(context, span);
  }

  @Override
  public void tagSpan(BatchWriteContext context, Span span) {
    for (KeyValue value : context.getAllKeyValues()) {
      if (!NUMBERS.contains(value.getKey()) && isThere(value)) {
        span.tag(value.getKey(), value.getValue());
      }
    }
  }

  private static boolean isThere(KeyValue value) {
    return !value.getValue().equals(KeyValue.NONE_VALUE);
  }

  private Optional<TraceContext> sampledTrace(ContextView caller) {
    Span span = span(caller);
    if (span == null) {
      return TraceParent.read(caller, tracer);
    }
    return span.isNoop() || Boolean.FALSE.equals(span.context().sampled())
        ? Optional.empty()
        : Optional.of(span.context());
  }

  /** A manually created span takes precedence over the span of the surrounding Observation. */
  private static @Nullable Span span(ContextView caller) {
    if (caller.getOrDefault(ObservationAwareSpanThreadLocalAccessor.KEY, null)
        instanceof Span span) {
      return span;
    }
    if (caller.getOrDefault(ObservationThreadLocalAccessor.KEY, null)
        instanceof Observation observation) {
      TracingContext tracing = observation.getContextView().get(TracingContext.class);
      return tracing == null ? null : tracing.getSpan();
    }
    return null;
  }
}
