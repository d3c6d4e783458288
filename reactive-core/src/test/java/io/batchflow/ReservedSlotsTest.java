package io.batchflow;

import static io.batchflow.ShareFixture.LOGS;
import static io.batchflow.ShareFixture.ORDERS;
import static io.batchflow.ShareFixture.RESERVED;
import static io.batchflow.ShareFixture.SHARE;
import static io.batchflow.ShareFixture.retune;
import static io.batchflow.ShareFixture.submit;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import reactor.util.retry.Retry;

/** Other tables leave a table the slots that it reserves. */
class ReservedSlotsTest {

  private final ShareFixture run = new ShareFixture();

  @Test
  void aReservedSlotIsFreeUnderAFlood() {
    BatchFlow flow = run.flow(Map.of("orders", RESERVED)).build();
    run.writer.hold();
    submit(flow, LOGS, 0, 90);
    assertThat(run.writer.running()).isEqualTo(3);

    submit(flow, ORDERS, 0, 1);
    assertThat(run.writer.running()).isEqualTo(4);
    assertThat(flow.control("orders").stats().get(0).inFlight()).isEqualTo(1);
    run.writer.release();
    run.time.advanceTime();

    assertThat(assertBalanced(flow).written()).isEqualTo(91);
  }

  @Test
  void aSlotIsReservedWhileAllAreTaken() {
    BatchFlow flow = run.flow(Map.of()).build();
    run.writer.answeringAfter(Duration.ofMillis(10), run.time);
    submit(flow, LOGS, 0, 90);
    assertThat(run.writer.running()).isEqualTo(4);

    assertThat(retune(flow, ORDERS, policy -> policy.reserved(2)).errors).isEmpty();
    run.time.advanceTimeBy(Duration.ofMillis(10));
    assertThat(run.writer.running()).isEqualTo(2);
    submit(flow, ORDERS, 0, 2);
    assertThat(run.writer.running()).isEqualTo(4);
    assertThat(retune(flow, ORDERS, policy -> policy.reserved(0)).errors).isEmpty();
    run.time.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(run.writer.mostRunning()).isEqualTo(4);
    assertThat(assertBalanced(flow).written()).isEqualTo(92);
  }

  /** A batch that waits for a retry lends its slot to its own table, not to others. */
  @Test
  void aLentReservedSlotStaysReserved() {
    BatchFlow flow =
        run.flow(Map.of("orders", RESERVED))
            .retry(Retry.fixedDelay(3, Duration.ofSeconds(1)).jitter(0))
            .build();
    run.writer.failing(1, RecordingWriter.failure(FailureKind.TRANSIENT));
    submit(flow, ORDERS, 0, 1);
    run.writer.hold();
    submit(flow, LOGS, 0, 90);
    assertThat(run.writer.running()).isEqualTo(3);

    run.time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(run.writer.running()).isEqualTo(4);
    run.writer.release();
    run.time.advanceTime();

    assertThat(assertBalanced(flow).written()).isEqualTo(91);
  }

  @Test
  void aSharePolicyIsRefusedIfItContradictsTheFlowOrAnotherTable() {
    assertRefused(Map.of("logs", SHARE.toBuilder().share(0.05).build()))
        .hasMessageContaining("'share' (0.05)")
        .hasMessageContaining("table 'logs' allows 5 of maxPending (100) rows")
        .hasMessageContaining("maxSize (10)");
    assertRefused(Map.of("logs", SHARE.toBuilder().reserved(2).build()))
        .hasMessageContaining("'reserved' (2)")
        .hasMessageContaining("1 of 4 by its share (0.3)");
    assertRefused(
            Map.of(
                "orders", RESERVED.toBuilder().reserved(3).build(),
                "users", RESERVED.toBuilder().reserved(1).build()))
        .hasMessageContaining("'orders' 3, 'users' 1")
        .hasMessageContaining("none of the flow's 4 slots");
    assertThatThrownBy(() -> run.flow(Map.of()).defaultPolicy(SHARE).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'share' (0.3) of the default policy");
    assertThatThrownBy(
            () ->
                run.flow(Map.of("logs", SHARE))
                    .policy(LOGS, SHARE.toBuilder().share(0.5).build())
                    .build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("share 0.3")
        .hasMessageContaining("share 0.5");
    assertThatThrownBy(() -> BatchPolicy.builder().reserved(3).concurrency(2).build())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("'reserved' (3) exceeds concurrency (2)");
    for (double share : new double[] {0, -1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> BatchPolicy.builder().share(share))
          .isInstanceOf(InvalidConfigurationException.class);
    }
  }

  private AbstractThrowableAssert<?, ?> assertRefused(Map<String, BatchPolicy> policies) {
    return assertThatThrownBy(() -> run.flow(policies).build())
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void aLiveChangeThatContradictsAnotherTableIsRefused() {
    BatchFlow flow = run.flow(Map.of("orders", RESERVED)).build();
    assertThat(retune(flow, LOGS, policy -> policy.reserved(2)).errors).isEmpty();

    assertThat(retune(flow, ORDERS, policy -> policy.reserved(2)).errors)
        .singleElement()
        .isInstanceOf(InvalidConfigurationException.class)
        .asString()
        .contains("'logs' 2, 'orders' 2");
    assertThat(flow.control("orders").policy().reserved()).isEqualTo(1);
  }
}
