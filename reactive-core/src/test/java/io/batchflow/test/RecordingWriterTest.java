package io.batchflow.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.Batch;
import io.batchflow.FailureKind;
import io.batchflow.Schema;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class RecordingWriterTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();
  private static final Batch BATCH = new Batch(EVENTS, List.of(EVENTS.row().set("id", 1L)));

  @Test
  void acceptsEverythingAtOnceAfterReset() {
    RecordingWriter writer =
        RecordingWriter.create()
            .failing(1, RecordingWriter.failure(FailureKind.UNUSABLE))
            .rejecting(row -> true)
            .rejectingRows(row -> true)
            .answeringAfter(Duration.ofHours(1), Schedulers.parallel())
            .hold();

    writer.reset();

    StepVerifier.create(writer.write(BATCH).map(result -> result.rejected().size()))
        .expectNext(0)
        .verifyComplete();
  }

  @Test
  void resetForgetsWritesAndAnswersThoseThatAreHeld() {
    RecordingWriter writer = RecordingWriter.create();
    writer.write(BATCH).block();
    writer.hold();
    StepVerifier held =
        StepVerifier.create(writer.write(BATCH)).expectNextCount(1).expectComplete().verifyLater();

    writer.reset();

    held.verify(Duration.ofSeconds(30));
    assertThat(writer.rows()).isEmpty();
    assertThat(writer.attempts()).isZero();
    assertThat(writer.running()).isZero();
  }
}
