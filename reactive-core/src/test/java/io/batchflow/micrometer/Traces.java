package io.batchflow.micrometer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import reactor.util.context.Context;

/** Observations that OpenTelemetry's SDK turns into spans, and the spans that it would export. */
final class Traces {

  final Tracer tracer;
  final ObservationRegistry registry = ObservationRegistry.create();

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

  Traces(int maxLinks, Sampler sampler) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .setSampler(sampler)
            .build();
    this.tracer = new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), event -> {});
    registry
        .observationConfig()
        .observationHandler(
            new ObservationHandler.FirstMatchingCompositeObservationHandler(
                BatchSpanHandler.create(tracer, maxLinks),
                new DefaultTracingObservationHandler(tracer)));
  }

  static Traces create() {
    return new Traces(64, Sampler.alwaysOn());
  }

  /** Starts a span for a caller. */
  Observation caller(String name) {
    return Observation.start(name, registry);
  }

  /** Returns the Reactor Context that WebFlux would give to the caller. */
  static Context contextOf(Observation caller) {
    return Context.of(ObservationThreadLocalAccessor.KEY, caller);
  }

  static String spanOf(Observation observation) {
    TracingContext tracing =
        Objects.requireNonNull(observation.getContextView().get(TracingContext.class));
    return Objects.requireNonNull(tracing.getSpan()).context().spanId();
  }

  /** Returns the ended spans, in the order of their ends. */
  List<SpanData> spans() {
    return exporter.getFinishedSpanItems();
  }

  static List<String> links(SpanData span) {
    return span.getLinks().stream().map(LinkData::getSpanContext).map(c -> c.getSpanId()).toList();
  }

  static Map<String, Object> attributes(SpanData span) {
    Map<String, Object> attributes = new TreeMap<>();
    span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
    return attributes;
  }
}
