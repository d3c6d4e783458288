package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;
import reactor.util.retry.Retry;

/** Each change of state is logged, but only a few times a minute. */
class LogTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String FAIL = "WARN Writes to table 'events' fail";
  private static final String SUCCEED = "WARN Writes to table 'events' succeed again";

  private final CapturedLog log = new CapturedLog();
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  @AfterEach
  void release() {
    log.close();
  }

  private BatchFlow.Builder flow() {
    return Rows.flow(writer, time)
        .defaultPolicy(patient().maxSize(1).build())
        .retry(Retry.fixedDelay(0, SECOND));
  }

  private void failing(int attempt, FailureKind kind) {
    writer.failing(attempt, RecordingWriter.failure(kind));
  }

  @Test
  void aBackendThatFailsIsALineAndItsRecoveryAnother() {
    for (int attempt = 1; attempt <= 30; attempt++) {
      failing(attempt, FailureKind.TRANSIENT);
    }
    BatchFlow flow = flow().retry(Retry.fixedDelay(100, SECOND).jitter(0)).build();

    watch(flow.submit(event(1)));
    time.advanceTimeBy(SECOND.multipliedBy(60));

    assertThat(log.lines())
        .containsExactly(
            FAIL + ": TRANSIENT, io.batchflow.test.RecordingWriter$SimulatedFailure",
            SUCCEED + ", after 30 failures in PT30S");
  }

  @Test
  void aBackendThatComesAndGoesIsLoggedTenTimesAMinute() {
    BatchFlow flow = flow().build();
    for (int attempt = 1; attempt <= 200; attempt += 2) {
      failing(attempt, FailureKind.PERMANENT);
    }

    for (int i = 1; i <= 198; i++) {
      watch(flow.submit(event(i)));
    }
    assertThat(log.lines(FAIL)).hasSize(10);
    assertThat(log.lines(SUCCEED)).hasSize(10);

    time.advanceTimeBy(Duration.ofMinutes(1));
    watch(flow.submit(event(199)));
    assertThat(log.lines(FAIL)).hasSize(11);
    assertThat(log.lines(FAIL).get(10)).endsWith(" (89 similar lines before it were left out)");
  }

  @Test
  void aFlowThatIsFullSaysSoOnceAMinute() {
    writer.hold();
    BatchFlow flow =
        flow()
            .maxPending(1)
            .defaultPolicy(patient().maxSize(1).overflow(Overflow.FAIL).build())
            .build();

    for (int i = 1; i <= 100; i++) {
      watch(flow.submit(event(i)));
    }

    assertThat(log.lines())
        .containsExactly("WARN BatchFlow is full: submissions to table 'events' are turned away");
  }

  @Test
  void whoeverWaitedInVainFoundTheFlowFull() {
    writer.hold();
    BatchFlow flow = flow().maxPending(1).maxWait(SECOND).build();

    watch(flow.submit(event(1)));
    watch(flow.submit(event(2)));
    time.advanceTimeBy(SECOND.multipliedBy(2));

    assertThat(log.lines("WARN BatchFlow is full")).hasSize(1);
  }

  @Test
  void listenersAndKeepersThatFailSaySoOnceAMinute() {
    writer.rejecting(row -> true);
    BatchFlow flow =
        flow()
            .deadLetter(letter -> Mono.error(new IllegalStateException("s3cr3t")))
            .listener(
                new BatchListener() {
                  @Override
                  public void onNotWritten(Outcome<Row> outcome, ContextView context) {
                    throw new IllegalStateException("s3cr3t");
                  }
                })
            .build();

    for (int i = 1; i <= 50; i++) {
      watch(flow.submit(event(i)));
    }

    assertThat(log.lines())
        .containsExactlyInAnyOrder(
            "WARN A rejected row of table 'events' could not be stored:"
                + " java.lang.IllegalStateException",
            "WARN A BatchListener failed: java.lang.IllegalStateException");
  }

  @Test
  void theEndIsALineWithTheLedger() {
    BatchFlow flow = flow().build();
    watch(flow.submit(event(1)));

    watch(flow.close());
    watch(flow.close());

    assertThat(log.lines())
        .containsExactly(
            "INFO BatchFlow closed: 1 admitted, 1 written, 0 rejected, 0 invalid, 0 unknown, 0 not sent,"
                + " 0 withdrawn");
  }

  @Test
  void anEndAtTheDeadlineSaysWhatIsLeft() {
    writer.hold();
    BatchFlow flow = flow().build();
    watch(flow.submit(event(1)));

    watch(flow.close(SECOND));
    time.advanceTimeBy(SECOND.multipliedBy(5));

    assertThat(log.lines())
        .containsExactly(
            "WARN BatchFlow closed at its deadline with 1 rows not sent or without a result",
            "INFO BatchFlow closed: 1 admitted, 0 written, 0 rejected, 0 invalid, 1 unknown, 0 not sent,"
                + " 0 withdrawn");
  }

  @Test
  void noValueOfARowIsEverLogged() {
    writer.failing(1, new IllegalStateException("s3cr3t"));
    BatchFlow flow = flow().build();

    watch(flow.submit(row(EVENTS, 1, "s3cr3t")));
    watch(flow.close());

    assertThat(log.lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).doesNotContain("s3cr3t"));
  }
}
