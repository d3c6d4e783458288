package io.batchflow.examples;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.BatchResult;
import io.batchflow.BatchWriter;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** An example to copy from: a flow under virtual time, where an hour passes at once. */
class VirtualTimeExampleTest {

  private static final Schema EVENTS = Schema.table("events").columns("id").build();

  @Test
  void aWindowClosesWhenItsOldestRowHasWaitedMaxDelay() {
    BatchWriter writer = batch -> Mono.just(BatchResult.written(batch.size()));

    StepVerifier.withVirtualTime(() -> submitThree(writer))
        .expectSubscription()
        .expectNoEvent(Duration.ofHours(1).minusMillis(1))
        .thenAwait(Duration.ofMillis(1))
        .expectNext(3, 3, 3)
        .verifyComplete();
  }

  private static Flux<Integer> submitThree(BatchWriter writer) {
    // Built inside the supplier, where the schedulers are already virtual.
    BatchFlow flow =
        BatchFlow.builder(writer)
            .defaultPolicy(
                BatchPolicy.builder().maxDelay(Duration.ofHours(1)).lingerWhenIdle(true).build())
            .build();
    return Flux.range(1, 3)
        .flatMap(id -> flow.submit(EVENTS.row().set("id", id)))
        .map(WriteResult::batchSize);
  }
}
