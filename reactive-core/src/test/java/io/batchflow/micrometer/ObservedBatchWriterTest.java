package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Traces.attributes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureClassifier;
import io.batchflow.FailureKind;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class ObservedBatchWriterTest extends ObservedWriteFixture {

  @Test
  void aFailureIsKnownByItsCodeAndItsWordsStayAway() {
    BatchWriter rejecting =
        new BatchWriter() {
          @Override
          public Mono<BatchResult> write(Batch batch) {
            return Mono.error(new IllegalStateException("key (id)=(s3cr3t) is there already"));
          }

          @Override
          public FailureClassifier failureClassifier() {
            return failure -> FailureKind.DATA;
          }

          @Override
          public String system() {
            return "postgresql";
          }

          @Override
          public String statusCode(Throwable failure) {
            return "23505";
          }
        };

    write(rejecting);

    assertThat(attributes(only()))
        .contains(
            entry("db.system.name", "postgresql"),
            entry("db.response.status_code", "23505"),
            entry("error.type", "23505"),
            entry("batchflow.outcome", "data"));
    assertThat(only().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(only().toString()).doesNotContain("s3cr3t").doesNotContain("already");
  }

  @Test
  void aWriteThatIsGivenUpEndsItsSpan() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    BatchFlow flow =
        BatchFlow.builder(ObservedBatchWriter.create(batch -> Mono.never(), traces.registry))
            .scheduler(time)
            .writeTimeout(Duration.ofSeconds(2))
            .writeGrace(Duration.ofSeconds(1))
            .defaultPolicy(batchesOf(1).build())
            .build();

    flow.submit(event(1, "a")).onErrorComplete().subscribe();
    time.advanceTimeBy(Duration.ofSeconds(4));

    assertThat(attributes(only()))
        .contains(entry("error.type", "timeout"), entry("batchflow.outcome", "unknown"));
  }

  @Test
  void noVerdictIsAnError() {
    write(batch -> Mono.empty());

    assertThat(attributes(only()))
        .contains(entry("error.type", "_OTHER"), entry("batchflow.outcome", "unknown"));
  }

  @Test
  void withoutAHandlerNothingIsObserved() {
    Mono<BatchResult> plain =
        Mono.deferContextual(
            context -> {
              assertThat(context.isEmpty()).isTrue();
              return Mono.just(BatchResult.written(1));
            });

    for (ObservationRegistry registry :
        List.of(ObservationRegistry.NOOP, ObservationRegistry.create())) {
      assertThat(ObservedBatchWriter.create(batch -> plain, registry).write(ROW)).isSameAs(plain);
    }
  }

  @Test
  void aMeterRegistryHasOneTimerWithTheSameTagsWhateverHappens() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));

    ObservedBatchWriter.create(batch -> Mono.just(BatchResult.written(1)), registry)
        .write(ROW)
        .block(PATIENCE);

    assertThat(
            meters
                .get("db.client.operation.duration")
                .tags("db.system.name", "other", "db.collection.name", "events")
                .tags("db.operation.name", "INSERT", "db.response.status_code", "none")
                .tags("error.type", "none", "batchflow.outcome", "written")
                .tags("batchflow.retry", "false", "error", "none")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void aConventionSaysItOtherwise() {
    class Tenants extends BatchWriteConvention {
      @Override
      public String getContextualName(BatchWriteContext context) {
        return "store " + context.batch().schema().table();
      }

      @Override
      public KeyValues getHighCardinalityKeyValues(BatchWriteContext context) {
        return super.getHighCardinalityKeyValues(context).and("tenant", "t1");
      }
    }
    class Everywhere extends Tenants implements GlobalObservationConvention<BatchWriteContext> {}
    BatchWriter writer = batch -> Mono.just(BatchResult.written(1));

    ObservedBatchWriter.create(writer, traces.registry, new Tenants()).write(ROW).block(PATIENCE);
    traces.registry.observationConfig().observationConvention(new Everywhere());
    ObservedBatchWriter.create(writer, traces.registry).write(ROW).block(PATIENCE);

    assertThat(traces.spans())
        .hasSize(2)
        .allSatisfy(
            span -> {
              assertThat(span.getName()).isEqualTo("store events");
              assertThat(attributes(span)).contains(entry("tenant", "t1"));
            });
  }

  @Test
  void anObserverThatFailsHarmsNoBatch() {
    class Failing extends BatchWriteConvention {
      private final int calls;
      private int made;

      Failing(int calls) {
        this.calls = calls;
      }

      @Override
      public KeyValues getHighCardinalityKeyValues(BatchWriteContext context) {
        if (made++ == calls) {
          throw new IllegalStateException("a fault of the convention");
        }
        return super.getHighCardinalityKeyValues(context);
      }
    }
    BatchWriter writer = batch -> Mono.just(BatchResult.written(1));

    for (int calls : new int[] {0, 1}) {
      BatchResult result =
          ObservedBatchWriter.create(writer, traces.registry, new Failing(calls))
              .write(ROW)
              .block(PATIENCE);
      assertThat(result).isNotNull();
    }
  }

  @Test
  void allElseIsTheWritersOwn() {
    FailureClassifier classifier = failure -> FailureKind.UNKNOWN;
    BatchWriter writer =
        new BatchWriter() {
          @Override
          public Mono<BatchResult> write(Batch batch) {
            return Mono.empty();
          }

          @Override
          public int maxConcurrency() {
            return 7;
          }

          @Override
          public boolean isRepeatable(Batch batch) {
            return true;
          }

          @Override
          public Mono<Void> interrupt(Batch batch) {
            return Mono.error(new IllegalStateException(batch.schema().table()));
          }

          @Override
          public FailureClassifier failureClassifier() {
            return classifier;
          }

          @Override
          public String system() {
            return "mine";
          }

          @Override
          public @Nullable String statusCode(Throwable failure) {
            return failure.getMessage();
          }

          @Override
          public Mono<Void> close() {
            return Mono.error(new IllegalStateException("closed"));
          }
        };
    BatchWriter observed = ObservedBatchWriter.create(writer, traces.registry);

    assertThat(ROW.isRepeatable()).isFalse();
    assertThat(observed.isRepeatable(ROW)).isTrue();
    assertThat(observed.maxConcurrency()).isEqualTo(7);
    assertThat(observed.failureClassifier()).isSameAs(classifier);
    assertThat(observed.system()).isEqualTo("mine");
    assertThat(observed.statusCode(new IllegalStateException("E1"))).isEqualTo("E1");
    assertThat(observed.interrupt(ROW).materialize().block(PATIENCE).getThrowable())
        .hasMessage("events");
    assertThat(observed.close().materialize().block(PATIENCE).getThrowable()).hasMessage("closed");
  }
}
