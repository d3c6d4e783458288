package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.UPSERTS;
import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Traces.attributes;
import static io.batchflow.micrometer.Traces.contextOf;
import static io.batchflow.micrometer.Traces.links;
import static io.batchflow.micrometer.Traces.spanOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.batchflow.BatchFlow;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.spi.Origin;
import io.batchflow.test.RecordingWriter;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.contextpropagation.ObservationAwareSpanThreadLocalAccessor;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

/** A span for each write, as the SDK of OpenTelemetry exports it. */
class BatchSpanTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final Traces traces = Traces.create();

  private BatchFlow flow(int rows) {
    return flow(rows, traces);
  }

  private BatchFlow flow(int rows, Traces traces) {
    return BatchFlow.builder(ObservedBatchWriter.create(writer, traces.registry))
        .scheduler(time)
        .concurrency(1)
        .retry(Retry.fixedDelay(2, Duration.ofSeconds(1)))
        .defaultPolicy(batchesOf(rows).build())
        .build();
  }

  private static void submit(Observation caller, Mono<?> mono) {
    mono.onErrorComplete().contextWrite(contextOf(caller)).subscribe();
  }

  @Test
  void aWriteIsAClientsSpanLinkedToItsCallers() {
    Observation ann = traces.caller("ann");
    Observation bob = traces.caller("bob");
    Observation stream = traces.caller("stream");
    BatchFlow flow = flow(5);

    submit(ann, flow.submit(event(1, "a")));
    submit(bob, flow.submit(event(2, "b")));
    flow.submitAll(Flux.just(event(3, "c"), event(4, "d")))
        .contextWrite(contextOf(stream))
        .subscribe();
    submit(ann, flow.submit(event(5, "e")));
    ann.scoped(() -> time.advanceTimeBy(SOON));

    assertThat(traces.spans()).hasSize(1);
    SpanData span = traces.spans().get(0);
    assertThat(span.getName()).isEqualTo("BATCH INSERT events");
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
    assertThat(links(span)).containsExactly(spanOf(ann), spanOf(bob), spanOf(stream));
    assertThat(attributes(span))
        .containsExactly(
            entry("batchflow.attempt", 1L),
            entry("batchflow.outcome", "written"),
            entry("batchflow.retry", "false"),
            entry("db.collection.name", "events"),
            entry("db.operation.batch.size", 5L),
            entry("db.operation.name", "BATCH INSERT"),
            entry("db.system.name", "other"));
  }

  @Test
  void oneRowIsNoBatch() {
    BatchFlow flow = flow(1);

    submit(traces.caller("ann"), flow.submit(UPSERTS.row().set("id", 1).set("value", "a")));
    time.advanceTimeBy(SOON);

    assertThat(traces.spans()).extracting(SpanData::getName).containsExactly("UPSERT upserts");
    assertThat(attributes(traces.spans().get(0)))
        .containsEntry("db.operation.name", "UPSERT")
        .doesNotContainKey("db.operation.batch.size");
  }

  @Test
  void unitsAreABatchOfSeveralOperations() {
    BatchFlow flow = flow(1);

    submit(
        traces.caller("ann"),
        flow.submitTogether(List.of(event(1, "a"), UPSERTS.row().set("id", 1).set("value", "a"))));
    time.advanceTimeBy(SOON);

    assertThat(traces.spans()).extracting(SpanData::getName).containsExactly("BATCH (units)");
    assertThat(attributes(traces.spans().get(0))).containsEntry("db.operation.name", "BATCH");
  }

  @Test
  void eachAttemptIsASpanAndAFailedOneHasAnError() {
    writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    Observation ann = traces.caller("ann");
    BatchFlow flow = flow(1);

    submit(ann, flow.submit(event(1, "a")));
    time.advanceTimeBy(SOON);

    assertThat(traces.spans()).hasSize(2);
    SpanData first = traces.spans().get(0);
    SpanData second = traces.spans().get(1);
    String type = "io.batchflow.test.RecordingWriter$SimulatedFailure";
    assertThat(first.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(first.getStatus().getDescription()).isEqualTo(type);
    assertThat(attributes(first))
        .containsAllEntriesOf(
            Map.of(
                "batchflow.attempt",
                1L,
                "batchflow.retry",
                "false",
                "batchflow.outcome",
                "transient",
                "error.type",
                type));
    assertThat(second.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
    assertThat(attributes(second))
        .containsAllEntriesOf(
            Map.of(
                "batchflow.attempt", 2L, "batchflow.retry", "true", "batchflow.outcome", "written"))
        .doesNotContainKey("error.type");
    assertThat(List.of(links(first), links(second))).containsOnly(List.of(spanOf(ann)));
  }

  @Test
  void halvesOfASplitAreSpansWithTheirOwnLinks() {
    writer.rejecting(row -> row.value("value").equals("bad"));
    Observation ann = traces.caller("ann");
    Observation bob = traces.caller("bob");
    BatchFlow flow = flow(2);

    submit(ann, flow.submit(event(1, "good")));
    submit(bob, flow.submit(event(2, "bad")));
    time.advanceTimeBy(SOON);

    assertThat(traces.spans())
        .extracting(span -> attributes(span).get("batchflow.outcome"))
        .containsExactly("data", "written", "data");
    assertThat(traces.spans())
        .extracting(Traces::links)
        .containsExactly(
            List.of(spanOf(ann), spanOf(bob)), List.of(spanOf(ann)), List.of(spanOf(bob)));
    assertThat(traces.spans())
        .extracting(span -> attributes(span).get("batchflow.attempt"))
        .containsOnly(1L);
  }

  @Test
  void rowsThatAreRejectedOneByOneMakeNoErrorOfTheWrite() {
    writer.rejectingRows(row -> row.value("value").equals("bad"));
    BatchFlow flow = flow(2);

    submit(traces.caller("ann"), flow.submit(event(1, "good")));
    submit(traces.caller("bob"), flow.submit(event(2, "bad")));
    time.advanceTimeBy(SOON);

    SpanData span = traces.spans().get(0);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
    assertThat(attributes(span)).containsEntry("batchflow.outcome", "partly_written");
  }

  @Test
  void linksAreCapped() {
    for (int most : new int[] {0, 3}) {
      Traces few = new Traces(most, Sampler.alwaysOn());
      List<Observation> callers =
          IntStream.range(0, 5).mapToObj(i -> few.caller("caller " + i)).toList();
      BatchFlow flow = flow(5, few);

      callers.forEach(caller -> submit(caller, flow.submit(event(1, "a"))));
      time.advanceTimeBy(SOON);

      assertThat(links(few.spans().get(0)))
          .isEqualTo(callers.stream().limit(most).map(Traces::spanOf).toList());
    }
    assertThatThrownBy(() -> BatchSpanHandler.create(traces.tracer, -1))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("maxLinks");
  }

  @Test
  void callersThatAreNotSampledTakeNoLinks() {
    Traces unsampled = new Traces(64, Sampler.alwaysOff());
    Observation ann = unsampled.caller("ann");
    Observation bob = traces.caller("bob");
    BatchFlow flow = flow(3);

    submit(ann, flow.submit(event(1, "a")));
    submit(bob, flow.submit(event(2, "b")));
    flow.submit(event(3, "c")).subscribe();
    time.advanceTimeBy(SOON);

    assertThat(links(traces.spans().get(0))).containsExactly(spanOf(bob));
  }

  @Test
  void aSpanMadeByHandIsTheOneThatIsLinked() {
    Observation ann = traces.caller("ann");
    Span own = traces.tracer.nextSpan().start();
    BatchFlow flow = flow(1);

    flow.submit(event(1, "a"))
        .contextWrite(contextOf(ann))
        .contextWrite(Context.of(ObservationAwareSpanThreadLocalAccessor.KEY, own))
        .subscribe();
    time.advanceTimeBy(SOON);

    assertThat(links(traces.spans().get(0))).containsExactly(own.context().spanId());
  }

  private static Origin sentBy(String header) {
    return () -> Stream.of(Context.of("traceparent", header));
  }

  @Test
  void messagesOfOneStreamAreLinkedByTheirHeaders() {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-";
    Observation stream = traces.caller("stream");
    BatchFlow flow = flow(6);

    flow.submitAll(
            Flux.just(
                event(1, "a").tag(sentBy(trace + "00f067aa0ba902b7-01")),
                event(2, "b").tag(sentBy(trace + "00f067aa0ba902b8-01")),
                event(3, "c").tag(sentBy(trace + "00f067aa0ba902b9-00")),
                event(4, "d").tag(sentBy(trace + "0000000000000000-01")),
                event(5, "e").tag(sentBy("none")),
                event(6, "f").tag((Origin) Stream::empty)))
        .contextWrite(contextOf(stream))
        .subscribe();
    time.advanceTimeBy(SOON);

    assertThat(links(traces.spans().get(0)))
        .containsExactly("00f067aa0ba902b7", "00f067aa0ba902b8");
  }
}
