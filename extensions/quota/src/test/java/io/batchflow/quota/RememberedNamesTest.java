package io.batchflow.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.Overflow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.audit.AuditTrail;
import io.batchflow.test.RecordingWriter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The use of quotas is remembered within a bound, and nothing is gained by being forgotten. */
class RememberedNamesTest {

  private static final Row ROW = Schema.table("orders").columns("id").build().row().set("id", 1);

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final BatchFlow flow =
      BatchFlow.builder(RecordingWriter.create()).scheduler(time).build();
  private final AtomicInteger passed = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  @AfterEach
  void close() {
    flow.close().subscribe();
    time.advanceTimeBy(Duration.ofMinutes(1));
  }

  private ThrottledFlow throttled(Quota eachUser, int maxNames) {
    return ThrottledFlow.of(
        flow,
        Quotas.builder()
            .scheduler(time)
            .overflow(Overflow.FAIL)
            .maxNames(maxNames)
            .eachUser(eachUser)
            .build());
  }

  private void submit(ThrottledFlow throttled, String user) {
    throttled
        .submit(ROW)
        .contextWrite(context -> context.put(AuditTrail.USER, user))
        .subscribe(result -> passed.incrementAndGet(), error -> refused.incrementAndGet());
  }

  @Test
  void idleNamesAreForgotten() {
    ThrottledFlow throttled = throttled(Quota.rows(10), 10_000);
    Allowances users = throttled.limits().of(Scope.USER);
    for (int i = 0; i < 1_000; i++) {
      submit(throttled, "user " + i);
    }
    assertThat(users.size()).isEqualTo(1_000);

    time.advanceTimeBy(Duration.ofSeconds(2));
    submit(throttled, "another");
    assertThat(users.size()).isEqualTo(1);
  }

  @Test
  void aNameIsNotForgottenBeforeItsQuotaIsThereAgain() {
    ThrottledFlow throttled = throttled(Quota.rows(1).withBurst(Duration.ofMinutes(1)), 10_000);
    for (int i = 0; i < 60; i++) {
      submit(throttled, "ann");
    }
    time.advanceTimeBy(Duration.ofSeconds(30));
    submit(throttled, "bob");

    for (int i = 0; i < 60; i++) {
      submit(throttled, "ann");
    }
    time.advanceTimeBy(Duration.ZERO);
    assertThat(passed).hasValue(60 + 1 + 30);
  }

  @Test
  void namesBeyondTheBoundShareOneQuota() {
    ThrottledFlow throttled = throttled(Quota.rows(1), 100);
    for (int i = 0; i < 1_000; i++) {
      submit(throttled, "user " + i);
    }
    time.advanceTimeBy(Duration.ZERO);

    assertThat(throttled.limits().of(Scope.USER).size()).isEqualTo(100);
    assertThat(passed).hasValue(101);
    assertThat(refused).hasValue(899);
    time.advanceTimeBy(Duration.ofSeconds(1));
    submit(throttled, "user 999");
    time.advanceTimeBy(Duration.ZERO);
    assertThat(passed).hasValue(102);
  }

  /** In any span of time no more passes than the burst and what the span gives. */
  @Test
  void noPatternOfCallsGetsMoreThanTheQuota() {
    Random random = new Random(42);
    for (int run = 0; run < 20; run++) {
      passed.set(0);
      int rate = 1 + random.nextInt(50);
      ThrottledFlow throttled =
          throttled(Quota.rows(rate).withBurst(Duration.ofMillis(500)), 1 + random.nextInt(3));
      long begin = time.now(TimeUnit.MILLISECONDS);
      int burst = (int) Math.max(1, Math.round(rate / 2.0));
      for (int i = 0; i < 300; i++) {
        time.advanceTimeBy(Duration.ofMillis(random.nextInt(100)));
        for (int calls = random.nextInt(8); calls > 0; calls--) {
          submit(throttled, "ann");
        }
        time.advanceTimeBy(Duration.ZERO);
        double seconds = (time.now(TimeUnit.MILLISECONDS) - begin) / 1e3;
        assertThat(passed.get())
            .as("run %s", run)
            .isLessThanOrEqualTo((int) (burst + rate * seconds));
      }
      double seconds = (time.now(TimeUnit.MILLISECONDS) - begin) / 1e3;
      assertThat(passed.get()).isGreaterThan((int) (Math.min(rate, 10) * seconds / 2));
    }
  }

  @Test
  void callersOfManyThreadsShareAQuotaExactly() throws InterruptedException {
    ThrottledFlow throttled = throttled(Quota.rows(1_000), 10);
    CountDownLatch ended = new CountDownLatch(4);
    for (int thread = 0; thread < 4; thread++) {
      new Thread(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  submit(throttled, "ann");
                }
                ended.countDown();
              })
          .start();
    }

    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    time.advanceTimeBy(Duration.ofSeconds(1)); // batches of a busy table are held for a moment
    assertThat(passed).hasValue(1_000);
    assertThat(refused).hasValue(3_000);
  }

  @Test
  void metersCountWithoutNames() {
    ThrottledFlow throttled =
        ThrottledFlow.of(
            flow,
            Quotas.builder()
                .scheduler(time)
                .maxWait(Duration.ofSeconds(1))
                .eachUser(Quota.rows(1))
                .build());
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    QuotaMetrics.of("shop", throttled).bindTo(registry);
    for (int i = 0; i < 10; i++) {
      submit(throttled, "ann");
    }

    assertThat(registry.get("batchflow.quota.refused").tag("quota", "user").functionCounter())
        .satisfies(counter -> assertThat(counter.count()).isEqualTo(8));
    assertThat(registry.get("batchflow.quota.wait").tag("quota", "user").functionTimer())
        .satisfies(
            timer -> {
              assertThat(timer.count()).isEqualTo(1);
              assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1_000);
            });
    assertThat(registry.get("batchflow.quota.names").tag("quota", "user").gauge().value())
        .isEqualTo(1);
    assertThat(
            registry.getMeters().stream()
                .map(Meter::getId)
                .flatMap(id -> id.getTags().stream())
                .collect(Collectors.toSet()))
        .extracting(tag -> tag.getKey() + "=" + tag.getValue())
        .containsExactlyInAnyOrder("flow=shop", "quota=user", "quota=tenant", "quota=table");
  }
}
