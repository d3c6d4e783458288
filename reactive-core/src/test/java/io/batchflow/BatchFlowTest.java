package io.batchflow;

import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class BatchFlowTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final Schema events =
      Schema.table("events").columns("id", "kind").conflictKey("id").build();
  private final RecordingWriter writer = RecordingWriter.create();

  private Row event(long id) {
    return events.row().set("id", id).set("kind", "click");
  }

  @Test
  void everyRowGetsItsOwnResult() {
    BatchFlow flow = BatchFlow.builder(writer).build();

    List<WriteResult> results =
        Flux.range(0, 10_000)
            .flatMap(id -> flow.submit(event(id)), 10_000)
            .collectList()
            .block(SOON);
    flow.close().block(SOON);

    assertThat(results).hasSize(10_000);
    assertThat(writer.rows()).hasSize(10_000);
    assertThat(assertBalanced(flow).written()).isEqualTo(10_000);
    assertThat(writer.timesClosed()).isEqualTo(1);
  }

  @Test
  void submitAllAnswersEveryRow() {
    BatchFlow flow = BatchFlow.builder(writer).build();

    StepVerifier.create(
            flow.submitAll(Flux.range(0, 100_000).map(this::event))
                .filter(Outcome::isWritten)
                .count())
        .expectNext(100_000L)
        .expectComplete()
        .verify(SOON);
    flow.close().block(SOON);

    assertThat(assertBalanced(flow).written()).isEqualTo(100_000);
    assertThat(writer.rows()).hasSize(100_000);
    assertThat(new HashSet<>(writer.rows())).hasSize(100_000);
  }

  @Test
  void closeWritesWhatWaits() {
    BatchPolicy patient =
        BatchPolicy.builder().maxDelay(Duration.ofHours(1)).lingerWhenIdle(true).build();
    BatchFlow flow = BatchFlow.builder(writer).defaultPolicy(patient).build();
    StepVerifier written =
        StepVerifier.create(flow.submit(event(1)))
            .expectNextCount(1)
            .expectComplete()
            .verifyLater();

    flow.close().block(SOON);

    written.verify(SOON);
    assertThat(writer.sizes()).containsExactly(1);
    StepVerifier.create(flow.submit(event(2))).expectError(FlowClosedException.class).verify(SOON);
  }

  @Test
  void windowsLeaveByAgeInVirtualTime() {
    StepVerifier.withVirtualTime(
            () -> {
              BatchPolicy policy =
                  BatchPolicy.builder()
                      .maxSize(10)
                      .maxDelay(Duration.ofSeconds(5))
                      .lingerWhenIdle(true)
                      .build();
              BatchFlow flow = BatchFlow.builder(writer).defaultPolicy(policy).build();
              return Flux.range(0, 3).flatMap(id -> flow.submit(event(id)));
            })
        .expectSubscription()
        .expectNoEvent(Duration.ofMillis(4_999))
        .thenAwait(Duration.ofMillis(1))
        .expectNextCount(3)
        .expectComplete()
        .verify(SOON);
    assertThat(writer.sizes()).containsExactly(3);
  }
}
