package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchWriter;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import io.batchflow.routing.RoutingWriter;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** The examples of docs/routing.md. */
class RoutingExampleTest {

  private static final Schema EVENTS = Schema.table("events").columns("id", "kind").build();

  private static BatchFlow withStandby(BatchWriter primary, BatchWriter standby) {
    RoutingWriter writer =
        RoutingWriter.primaryStandby()
            .writer("primary", primary)
            .writer("standby", standby)
            .build();
    BatchFlow flow = BatchFlow.builder(writer).build();
    return flow;
  }

  private static RoutingWriter coordinators(
      BatchWriter one, BatchWriter two, Publisher<?> selectFromOne, Publisher<?> selectFromTwo) {
    RoutingWriter writer =
        RoutingWriter.roundRobin()
            .writer("coordinator 1", one, 2, selectFromOne)
            .writer("coordinator 2", two, 1, selectFromTwo)
            .sameData(true)
            .failuresUntilDown(3)
            .downTime(Duration.ofSeconds(5))
            .build();
    return writer;
  }

  @Test
  void theStandbyStoresWhatThePrimaryRefuses() {
    RecordingWriter primary = RecordingWriter.create();
    RecordingWriter standby = RecordingWriter.create();
    for (int attempt = 1; attempt <= 3; attempt++) {
      primary.failing(attempt, RecordingWriter.failure(FailureKind.TRANSIENT));
    }
    BatchFlow flow = withStandby(primary, standby);
    flow.submit(EVENTS.row().set("id", 1).set("kind", "order")).block(Duration.ofSeconds(30));
    flow.close().block(Duration.ofSeconds(30));
    assertThat(standby.rows()).hasSize(1);
  }

  @Test
  void coordinatorsTakeTurns() {
    RoutingWriter writer =
        coordinators(
            RecordingWriter.create(), RecordingWriter.create(), Mono.empty(), Mono.empty());
    BatchFlow flow = BatchFlow.builder(writer).build();
    for (int id = 0; id < 3; id++) {
      flow.submit(EVENTS.row().set("id", id).set("kind", "order")).block(Duration.ofSeconds(30));
    }
    flow.close().block(Duration.ofSeconds(30));
    assertThat(writer.writers()).extracting(state -> state.batches()).containsExactly(2L, 1L);
  }
}
