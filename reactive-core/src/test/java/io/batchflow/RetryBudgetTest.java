package io.batchflow;

import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

class RetryBudgetTest {

  @Test
  void retriesBeyondTheBudgetWaitForTheirTurnAndNoneIsLost() {
    VirtualTimeScheduler time = VirtualTimeScheduler.create();
    List<Long> seconds = new ArrayList<>();
    List<Rows.Probe<WriteResult>> probes = new ArrayList<>();
    BatchWriter failingForTenSeconds =
        new BatchWriter() {
          @Override
          public Mono<BatchResult> write(Batch batch) {
            long second = time.now(TimeUnit.SECONDS);
            seconds.add(second);
            return second < 10
                ? Mono.error(RecordingWriter.failure(FailureKind.TRANSIENT))
                : Mono.just(BatchResult.written(1));
          }

          @Override
          public FailureClassifier failureClassifier() {
            return failure -> FailureKind.TRANSIENT;
          }
        };
    BatchFlow flow =
        Rows.flow(failingForTenSeconds, time)
            .defaultPolicy(patient().maxSize(1).build())
            .concurrency(50)
            .retry(Retry.fixedDelay(10_000, Duration.ofMillis(10)))
            .retryBudget(20, Duration.ofSeconds(1))
            .build();
    Schema schema = Schema.table("t").columns("id").build();
    for (int id = 0; id < 50; id++) {
      probes.add(watch(flow.submit(schema.row().set("id", id))));
    }
    time.advanceTimeBy(Duration.ofSeconds(60));

    assertThat(probes).allSatisfy(probe -> assertThat(probe.values).hasSize(1));
    // The first attempts, a full budget, and its refill in ten seconds.
    assertThat(seconds.stream().filter(second -> second < 10).count()).isBetween(250L, 270L);
    assertThat(flow.stats().retries()).isEqualTo(seconds.size() - 50L);
  }

  @Test
  void aBudgetOfNothingIsRejected() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(
            () -> BatchFlow.builder(RecordingWriter.create()).retryBudget(0, Duration.ofDays(1)))
        .withMessageContaining("retryBudget");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> BatchFlow.builder(RecordingWriter.create()).retryBudget(1, Duration.ZERO))
        .withMessageContaining("retryBudget");
  }
}
