package io.batchflow.micrometer;

import static io.batchflow.micrometer.Scenario.batchesOf;
import static io.batchflow.micrometer.Scenario.event;
import static io.batchflow.micrometer.Scenario.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.BatchFlow;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.health.HealthPolicy;
import io.batchflow.stats.ConnectionStats;
import io.batchflow.test.RecordingWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The meters of the flow as a whole: its health, and the rows that were not written. */
class MicrometerHealthTest {

  private final Scenario run = new Scenario();

  private List<String> moved(String meter) {
    return run.moved().stream().filter(line -> line.startsWith(meter)).toList();
  }

  @Test
  void healthIsANumberThatGrowsAsItWorsens() {
    run.writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    run.writer.failing(2, RecordingWriter.failure(FailureKind.TRANSIENT));
    BatchFlow flow =
        run.flow(batchesOf(1))
            .retry(Retry.fixedDelay(9, Duration.ofSeconds(10)).jitter(0))
            .healthPolicy(HealthPolicy.builder().downAfter(Duration.ofSeconds(12)).build())
            .build();
    assertThat(moved("batchflow.health")).isEmpty();

    submit(flow.submit(event(1, "a")));
    assertThat(moved("batchflow.health")).containsExactly("batchflow.health{flow=orders} 1 status");
    run.pass(12);
    assertThat(moved("batchflow.health")).containsExactly("batchflow.health{flow=orders} 2 status");
    run.pass(10);
    assertThat(moved("batchflow.health")).isEmpty();

    submit(flow.close());
    assertThat(moved("batchflow.health")).containsExactly("batchflow.health{flow=orders} 2 status");
  }

  @Test
  void deadLettersAreCountedByWhetherTheyWereKept() {
    run.writer.rejecting(row -> row.value("value").equals("bad"));
    BatchFlow flow =
        run.flow(batchesOf(1))
            .retry(Retry.fixedDelay(0, Duration.ofSeconds(1)))
            .deadLetter(
                letter ->
                    letter.row().value("id").equals(1L)
                        ? Mono.empty()
                        : Mono.error(new IllegalStateException("full")))
            .build();

    for (long id = 1; id <= 3; id++) {
      submit(flow.submit(event(id, "bad")));
    }

    assertThat(moved("batchflow.dead"))
        .containsExactly(
            "batchflow.dead.letters{flow=orders outcome=kept} count 1 rows",
            "batchflow.dead.letters{flow=orders outcome=lost} count 2 rows");
  }

  @Test
  void connectionsAreAsTheWriterSays() {
    BatchWriter pooled =
        new BatchWriter() {
          @Override
          public Mono<BatchResult> write(Batch batch) {
            return Mono.just(BatchResult.written(batch.size()));
          }

          @Override
          public ConnectionStats connections() {
            return new ConnectionStats(3, 2, 1, 8);
          }
        };
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    FlowMetrics metrics = FlowMetrics.create("pooled");
    metrics.bindTo(registry);
    BatchFlow flow = BatchFlow.builder(pooled).listener(metrics).build();

    assertThat(flow.stats().connections()).isEqualTo(new ConnectionStats(3, 2, 1, 8));
    assertThat(gauge(registry, "batchflow.connections", "state", "in_use")).isEqualTo(3);
    assertThat(gauge(registry, "batchflow.connections", "state", "idle")).isEqualTo(2);
    assertThat(gauge(registry, "batchflow.awaiting.connection")).isEqualTo(1);
    assertThat(gauge(registry, "batchflow.max.connections")).isEqualTo(8);
    flow.close().block();
  }

  private static double gauge(MeterRegistry registry, String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }
}
