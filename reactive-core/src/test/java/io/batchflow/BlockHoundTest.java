package io.batchflow;

import static io.batchflow.Rows.SOON;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class BlockHoundTest {

  @Test
  void aBlockingCallOnANonBlockingThreadIsCaught() {
    StepVerifier.create(
            Mono.fromCallable(
                    () -> new Semaphore(0).tryAcquire(1, java.util.concurrent.TimeUnit.SECONDS))
                .subscribeOn(Schedulers.parallel()))
        .expectError(BlockingOperationError.class)
        .verify(SOON);
  }

  @Test
  void submittingWaitingAndClosingNeverBlock() {
    RecordingWriter writer =
        RecordingWriter.create().answeringAfter(Duration.ofMillis(1), Schedulers.parallel());
    BatchFlow flow =
        BatchFlow.builder(writer)
            .maxPending(64)
            .defaultPolicy(BatchPolicy.builder().maxSize(16).maxDelay(Duration.ofMillis(1)).build())
            .build();
    Mono<Long> singles =
        Flux.range(0, 2_000)
            .parallel(4)
            .runOn(Schedulers.parallel())
            .flatMap(id -> flow.submit(Rows.event(id)), false, 64)
            .sequential()
            .count();
    Mono<Long> stream =
        flow.submitAll(Flux.range(0, 2_000).map(Rows::event))
            .subscribeOn(Schedulers.parallel())
            .count();

    StepVerifier.create(
            Mono.zip(singles, stream)
                .delayUntil(counts -> flow.flush().subscribeOn(Schedulers.parallel()))
                .delayUntil(
                    counts -> Mono.fromCallable(flow::health).subscribeOn(Schedulers.parallel()))
                .delayUntil(counts -> flow.close().subscribeOn(Schedulers.parallel())))
        .assertNext(
            counts -> {
              assertThat(counts.getT1()).isEqualTo(2_000);
              assertThat(counts.getT2()).isEqualTo(2_000);
            })
        .expectComplete()
        .verify(Duration.ofSeconds(30));
    assertThat(assertBalanced(flow).written()).isEqualTo(4_000);
  }
}
