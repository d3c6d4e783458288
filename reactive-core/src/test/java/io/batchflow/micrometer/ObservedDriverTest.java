package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchListener;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.micrometer.observation.NullObservation;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/** The Observation of a write is current for the driver, and for nobody else. */
class ObservedDriverTest extends ObservedWriteFixture {

  private Mono<BatchResult> observed(ContextView context) {
    Observation write = context.get(ObservationThreadLocalAccessor.KEY);
    Observation later = Observation.createNotStarted("later", traces.registry);
    later.parentObservation(write).start().stop();
    return Mono.just(BatchResult.written(1));
  }

  /** A cleared scope has an Observation that stands for none. */
  private String current() {
    Observation current = traces.registry.getCurrentObservation();
    return current == null || current instanceof NullObservation
        ? "nothing"
        : current.getContextView().getName();
  }

  @Test
  void whatTheDriverObservesIsAChildOnWhateverThread() {
    BatchWriter driver =
        batch ->
            Mono.defer(
                () -> {
                  traces.tracer.nextSpan().name("subscribed").start().end();
                  return Mono.deferContextual(this::observed)
                      .subscribeOn(Schedulers.boundedElastic());
                });

    write(driver);

    assertThat(traces.spans())
        .extracting(SpanData::getName)
        .containsExactly("subscribed", "later", "INSERT events");
    SpanData write = traces.spans().get(2);
    assertThat(traces.spans().subList(0, 2))
        .allSatisfy(span -> assertThat(span.getParentSpanId()).isEqualTo(write.getSpanId()));
    assertThat(traces.tracer.currentSpan()).isNull();
  }

  @Test
  void underAutomaticPropagationTheDriverRunsInTheWriteAndTheCallerInItsOwn() {
    Hooks.enableAutomaticContextPropagation();
    ObservationThreadLocalAccessor.getInstance().setObservationRegistry(traces.registry);
    try {
      List<String> seen = new CopyOnWriteArrayList<>();
      BatchWriter driver =
          batch ->
              Mono.fromCallable(
                      () -> {
                        seen.add("driver in " + current());
                        return BatchResult.written(1);
                      })
                  .subscribeOn(Schedulers.boundedElastic());
      BatchListener listener =
          new BatchListener() {
            @Override
            public void onWritten(Batch batch, BatchResult result, int attempts, Duration took) {
              seen.add("listener in " + current());
            }
          };
      BatchFlow flow =
          BatchFlow.builder(ObservedBatchWriter.create(driver, traces.registry))
              .listener(listener)
              .build();

      flow.submit(event(1, "a"))
          .doOnNext(result -> seen.add("caller in " + current()))
          .contextWrite(Traces.contextOf(traces.caller("ann")))
          .block(PATIENCE);
      flow.close().block(PATIENCE);

      assertThat(seen)
          .containsExactly(
              "driver in db.client.operation.duration", "listener in nothing", "caller in ann");
    } finally {
      Hooks.disableAutomaticContextPropagation();
      ObservationThreadLocalAccessor.getInstance()
          .setObservationRegistry(ObservationRegistry.create());
    }
  }
}
