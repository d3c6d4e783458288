package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.health.FlowHealth;
import io.batchflow.health.FlowHealth.Reason;
import io.batchflow.health.FlowHealth.Status;
import io.batchflow.health.HealthPolicy;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.retry.Retry;

/** Every transition of the health, in virtual time. */
class HealthTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow.Builder flow() {
    return Rows.flow(writer, time)
        .defaultPolicy(patient().maxSize(1).build())
        .healthPolicy(HealthPolicy.builder().downAfter(Duration.ofSeconds(20)).build());
  }

  private BatchFlow tryingEverySecond() {
    return flow().retry(Retry.fixedDelay(1_000, SECOND).jitter(0)).build();
  }

  private void failing(int from, int to, FailureKind kind) {
    for (int attempt = from; attempt <= to; attempt++) {
      writer.failing(attempt, RecordingWriter.failure(kind));
    }
  }

  private void pass(int seconds) {
    time.advanceTimeBy(SECOND.multipliedBy(seconds));
  }

  private static void assertHealth(BatchFlow flow, Status status, Reason... reasons) {
    FlowHealth health = flow.health();
    assertThat(health.reasons()).containsExactly(reasons);
    assertThat(health.status()).isEqualTo(status);
    assertThat(health.isUp()).isEqualTo(status == Status.UP);
  }

  @Test
  void aFlowThatHasNothingToDoOrWritesIsUp() {
    BatchFlow flow = flow().build();
    assertThat(flow.health()).isEqualTo(new FlowHealth(Status.UP, Set.of(), null, Map.of()));

    watch(flow.submit(event(1)));

    assertHealth(flow, Status.UP);
  }

  @Test
  void aBackendThatFailsDegradesTheFlowThenTakesItDownUntilAWriteSucceeds() {
    failing(1, 30, FailureKind.TRANSIENT);
    BatchFlow flow = tryingEverySecond();
    pass(100);

    watch(flow.submit(event(1)));
    assertHealth(flow, Status.DEGRADED, Reason.BACKEND_FAILING);
    pass(19);
    assertHealth(flow, Status.DEGRADED, Reason.BACKEND_FAILING);
    pass(1);
    assertHealth(flow, Status.DOWN, Reason.BACKEND_FAILING);

    Instant since = Instant.ofEpochSecond(100);
    assertThat(flow.health().failingSince()).isEqualTo(since);
    assertThat(flow.health().failingTables()).isEqualTo(Map.of("events", since));

    pass(10);
    assertHealth(flow, Status.UP);
    assertThat(flow.health().failingSince()).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"TRANSIENT", "PERMANENT", "UNKNOWN"})
  void whatIsNotTheRowsFaultIsTheBackends(FailureKind kind) {
    failing(1, 1, kind);
    BatchFlow flow = flow().retry(Retry.fixedDelay(0, SECOND)).build();

    watch(flow.submit(event(1)));

    assertHealth(flow, Status.DEGRADED, Reason.BACKEND_FAILING);
  }

  @Test
  void aRejectedRowIsAnAnswer() {
    failing(1, 1, FailureKind.PERMANENT);
    failing(2, 2, FailureKind.DATA);
    BatchFlow flow = flow().build();

    watch(flow.submit(event(1)));
    watch(flow.submit(event(2)));

    assertHealth(flow, Status.UP);
  }

  @Test
  void rowsThatFailOneByOneAreAFailureOnlyWhereAllDo() {
    BatchWriter oneByOne =
        batch ->
            Mono.just(
                BatchResult.partly(
                    0,
                    batch.size() == 1
                        ? Map.of(0, new IllegalStateException("lost"))
                        : Map.of(1, new IllegalStateException("lost"))));
    BatchFlow flow =
        Rows.flow(oneByOne, time)
            .defaultPolicy(patient().maxSize(2).build())
            .failureClassifier(failure -> FailureKind.UNKNOWN)
            .build();

    watch(flow.submit(event(1)));
    watch(flow.flush());
    assertHealth(flow, Status.DEGRADED, Reason.BACKEND_FAILING);

    watch(flow.submit(event(1)));
    watch(flow.submit(event(2)));
    assertHealth(flow, Status.UP);
  }

  @Test
  void oneTableMayFailWhileOthersDoNot() {
    failing(1, 1, FailureKind.PERMANENT);
    BatchFlow flow = flow().build();
    pass(7);

    watch(flow.submit(row(UPSERTS, 1, "a")));
    watch(flow.submit(row(EVENTS, 1, "a")));
    assertHealth(flow, Status.DEGRADED, Reason.TABLE_FAILING);
    assertThat(flow.health().failingSince()).isNull();
    assertThat(flow.health().failingTables())
        .isEqualTo(Map.of("upserts", Instant.ofEpochSecond(7)));

    watch(flow.submit(row(UPSERTS, 2, "a")));
    assertHealth(flow, Status.UP);
  }

  @Test
  void aFailureIsForgottenWhenNothingIsWrittenAnyMore() {
    failing(1, 2, FailureKind.PERMANENT);
    BatchFlow flow = flow().build();

    watch(flow.submit(event(1)));
    pass(19);
    assertHealth(flow, Status.DEGRADED, Reason.BACKEND_FAILING);
    pass(1);
    assertHealth(flow, Status.UP);

    watch(flow.submit(event(2)));
    assertHealth(flow, Status.DOWN, Reason.BACKEND_FAILING);
    watch(flow.submit(event(3)));
    assertHealth(flow, Status.UP);
  }

  @Test
  void aFailureIsRememberedWhileARetryIsAwaited() {
    failing(1, 1, FailureKind.TRANSIENT);
    BatchFlow flow = flow().retry(Retry.fixedDelay(1, Duration.ofHours(1)).jitter(0)).build();

    watch(flow.submit(event(1)));
    pass(25);
    assertHealth(flow, Status.DOWN, Reason.BACKEND_FAILING);
    time.advanceTimeBy(Duration.ofHours(1));
    assertHealth(flow, Status.UP);
  }

  @Test
  void roomThatIsNearlyTakenDegradesTheFlow() {
    writer.hold();
    BatchFlow flow = flow().maxPending(10).build();

    for (int i = 1; i <= 8; i++) {
      watch(flow.submit(event(i)));
    }
    assertHealth(flow, Status.UP);
    watch(flow.submit(event(9)));
    assertHealth(flow, Status.DEGRADED, Reason.NEARLY_FULL);

    writer.release();
    time.advanceTime();
    assertHealth(flow, Status.UP);
  }

  @Test
  void roomIsTakenByBytesToo() {
    writer.hold();
    BatchFlow flow =
        flow()
            .defaultPolicy(patient().maxBytes(1_024).build())
            .maxPendingBytes(64 << 10)
            .healthPolicy(HealthPolicy.builder().maxFullness(0.5).build())
            .build();

    watch(flow.submit(row(EVENTS, 1, "x".repeat(40 << 10))));

    assertHealth(flow, Status.DEGRADED, Reason.NEARLY_FULL);
  }

  @Test
  void aRowIsLateByWhatItWaitsBeyondItsTablesDelay() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(
                BatchPolicy.builder()
                    .maxDelay(Duration.ofSeconds(100))
                    .lingerWhenIdle(true)
                    .build())
            .healthPolicy(HealthPolicy.builder().maxAge(Duration.ofSeconds(5)).build())
            .build();
    writer.hold();

    watch(flow.submit(event(1)));
    pass(105);
    assertHealth(flow, Status.UP);
    pass(1);
    assertHealth(flow, Status.DEGRADED, Reason.LATE);

    writer.release();
    time.advanceTime();
    assertHealth(flow, Status.UP);
  }

  @Test
  void aFlowIsDownFromItsCloseOn() {
    writer.hold();
    BatchFlow flow = flow().build();
    watch(flow.submit(event(1)));

    watch(flow.close());
    assertHealth(flow, Status.DOWN, Reason.CLOSED);
    writer.release();
    time.advanceTime();

    assertHealth(flow, Status.DOWN, Reason.CLOSED);
  }

  @Test
  void theWorstOfAllReasonsCounts() {
    failing(1, 1, FailureKind.PERMANENT);
    BatchPolicy atOnce = BatchPolicy.builder().maxSize(1).maxDelay(Duration.ZERO).build();
    BatchFlow flow = flow().defaultPolicy(atOnce).maxPending(1).build();
    watch(flow.submit(event(1)));
    writer.hold();
    watch(flow.submit(event(2)));
    pass(40);
    watch(flow.close());

    assertHealth(
        flow, Status.DOWN, Reason.BACKEND_FAILING, Reason.NEARLY_FULL, Reason.LATE, Reason.CLOSED);
  }
}
