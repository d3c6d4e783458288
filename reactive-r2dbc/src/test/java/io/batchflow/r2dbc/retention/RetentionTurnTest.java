package io.batchflow.r2dbc.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A transaction waits for a flow that is more than half full, but not forever. */
class RetentionTurnTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Schema SCHEMA = Schema.table("events").columns("id").build();

  @Test
  void theFlowGoesFirst() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    Sinks.One<BatchResult> written = Sinks.one();
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    BatchFlow flow =
        BatchFlow.builder(
                batch -> {
                  begun.complete(true);
                  return written.asMono();
                })
            .maxPending(10)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxSize(6)
                    .maxDelay(Duration.ofMinutes(5))
                    .lingerWhenIdle(true)
                    .build())
            .build();
    RetentionOptions options = new RetentionOptions();
    options.scheduler = time;
    options.flow = flow;
    List<CompletableFuture<WriteResult>> rows =
        IntStream.range(0, 6)
            .mapToObj(id -> flow.submit(SCHEMA.row().set("id", id)).toFuture())
            .toList();
    Mono.fromFuture(begun).block(PATIENCE);

    CompletableFuture<Void> turn = options.turn().toFuture();
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(turn).isNotDone();
    CompletableFuture<Void> patient = options.turn().toFuture();
    time.advanceTimeBy(Duration.ofSeconds(6));
    assertThat(patient).isCompleted();

    written.tryEmitValue(BatchResult.written(1));
    rows.forEach(row -> Mono.fromFuture(row).block(PATIENCE));
    flow.close().block(PATIENCE);
    CompletableFuture<Void> next = options.turn().toFuture();
    time.advanceTimeBy(Duration.ZERO);
    assertThat(next).isCompleted();
  }

  @Test
  void withoutAFlowNothingWaits() {
    assertThat(new RetentionOptions().turn().toFuture()).isCompleted();
  }
}
