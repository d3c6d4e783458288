package io.batchflow.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.BatchListener;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.Row;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.GuardedFlow;
import io.batchflow.guard.Rights;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;

class ThrottledFlowTest {

  private static final Quota ONE_IN_100_MS = Quota.rows(10).withBurst(Duration.ofMillis(100));

  @RegisterExtension final QuotaScene scene = new QuotaScene();

  @Test
  void rowsBeyondTheQuotaWaitForTheirTurn() {
    ThrottledFlow throttled = scene.throttled(scene.quotas().eachTable(ONE_IN_100_MS));
    for (int i = 0; i < 4; i++) {
      scene.submit(throttled, QuotaScene.row("orders", i));
    }

    assertThat(scene.written()).isEqualTo(1);
    assertThat(scene.flow.stats().ledger().admitted()).isEqualTo(1);
    scene.advance(99);
    assertThat(scene.written()).isEqualTo(1);
    scene.advance(1);
    assertThat(scene.written()).isEqualTo(2);
    scene.advance(200);
    assertThat(scene.writer.rows())
        .extracting(row -> row.value("id"))
        .containsExactly(0L, 1L, 2L, 3L);
    assertThat(scene.errors).isEmpty();
  }

  @Test
  void whatIsNotUsedIsSavedForABurst() {
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachTable(Quota.rows(10).withBurst(Duration.ofSeconds(2))));
    for (int i = 0; i < 25; i++) {
      scene.submit(throttled, QuotaScene.row("orders", i));
    }

    assertThat(scene.written()).isEqualTo(20);
    scene.advance(500);
    assertThat(scene.written()).isEqualTo(25);
  }

  @Test
  void aRowFailsAtOnceIfThePolicySaysSoAndIsToldWhenToComeBack() {
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachTenant(ONE_IN_100_MS).overflow(Overflow.FAIL));
    String[] ann = {AuditTrail.USER, "ann", ContextName.TENANT, "acme"};
    scene.submit(throttled, QuotaScene.row("orders", 1), (Object[]) ann);
    scene.advance(40);
    scene.submit(throttled, QuotaScene.row("orders", 2), (Object[]) ann);

    assertThat(scene.errors).hasSize(1);
    QuotaExceeded error = (QuotaExceeded) scene.errors.get(0);
    assertThat(error)
        .hasMessage(
            "Row for table 'orders' of user 'ann' of tenant 'acme' was turned away: the quota of"
                + " the tenant is used up. Submit the row again after PT0.06S, or raise the"
                + " quota.");
    assertThat(error.retryAfter()).isEqualTo(Duration.ofMillis(60));
    assertThat(error.status()).isEqualTo(OutcomeStatus.NOT_SENT);
    assertThat(error.isRetryable()).isTrue();
    assertThat(error.row()).isNotNull();
    scene.advance(error.retryAfter());
    scene.submit(throttled, QuotaScene.row("orders", 2), (Object[]) ann);
    assertThat(scene.errors).hasSize(1);
    assertThat(scene.written()).isEqualTo(2);
  }

  @Test
  void aRowThatWouldWaitTooLongFailsAtOnceAndTakesNothing() {
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachTable(ONE_IN_100_MS).maxWait(Duration.ofMillis(250)));
    for (int i = 0; i < 10; i++) {
      scene.submit(throttled, QuotaScene.row("orders", i));
    }

    assertThat(scene.errors).hasSize(7);
    assertThat(((QuotaExceeded) scene.errors.get(6)).retryAfter())
        .isEqualTo(Duration.ofMillis(300));
    scene.advance(200);
    assertThat(scene.written()).isEqualTo(3);
    scene.advance(100);
    scene.submit(throttled, QuotaScene.row("orders", 10));
    assertThat(scene.written()).isEqualTo(4);
  }

  @Test
  void aRowThatIsCancelledWhileItWaitsGivesBackWhatItTook() {
    ThrottledFlow throttled = scene.throttled(scene.quotas().eachTable(ONE_IN_100_MS));
    scene.submit(throttled, QuotaScene.row("orders", 1));
    Disposable waiting = scene.submit(throttled, QuotaScene.row("orders", 2));
    waiting.dispose();
    scene.submit(throttled, QuotaScene.row("orders", 3));

    scene.advance(100);
    assertThat(scene.writer.rows()).extracting(row -> row.value("id")).containsExactly(1L, 3L);
  }

  @Test
  void aStreamRequestsLess() {
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachTable(ONE_IN_100_MS).overflow(Overflow.FAIL));
    AtomicInteger requested = new AtomicInteger();
    List<Outcome<Row>> outcomes = new ArrayList<>();
    Disposable stream =
        throttled
            .submitAll(
                Flux.range(0, 1_000_000)
                    .map(i -> QuotaScene.row("orders", i))
                    .doOnRequest(n -> requested.addAndGet((int) n)))
            .subscribe(outcomes::add);
    scene.advance(0);

    for (int rows = 1; rows <= 50; rows++) {
      assertThat(outcomes).hasSize(rows);
      assertThat(requested.get()).isEqualTo(rows + 1); // one row waits
      scene.advance(100);
    }
    assertThat(outcomes).allMatch(Outcome::isWritten);
    stream.dispose();
    scene.advance(0);
    scene.submit(
        throttled, QuotaScene.row("orders", 0)); // the row that waited has given its turn back
    assertThat(scene.errors).hasSize(1);
    scene.advance(100);
    scene.submit(throttled, QuotaScene.row("orders", 0));
    assertThat(scene.errors).hasSize(1);
  }

  @Test
  void streamsAndSingleRowsTakeTurns() {
    ThrottledFlow throttled = scene.throttled(scene.quotas().eachUser(ONE_IN_100_MS));
    throttled.submitAll(Flux.range(0, 1_000).map(i -> QuotaScene.row("stream", i))).subscribe();
    throttled.submitAll(Flux.range(0, 1_000).map(i -> QuotaScene.row("other", i))).subscribe();
    for (int i = 0; i < 10; i++) {
      scene.advance(200);
      scene.submit(throttled, QuotaScene.row("single", i));
    }

    scene.advance(3_000);
    assertThat(scene.writer.rows())
        .filteredOn(row -> row.schema().table().equals("single"))
        .hasSize(10);
    assertThat(scene.writer.rows())
        .filteredOn(row -> row.schema().table().equals("stream"))
        .hasSizeGreaterThan(15);
    assertThat(scene.writer.rows())
        .filteredOn(row -> row.schema().table().equals("other"))
        .hasSizeGreaterThan(15);
  }

  @Test
  void refusedRowsAreToldToTheListeners() {
    List<String> told = new ArrayList<>();
    ThrottledFlow throttled =
        scene
            .throttled(scene.quotas().eachUser(Quota.rows(1)).overflow(Overflow.FAIL))
            .withUsers(ContextName.of("who"))
            .withListener(
                new BatchListener() {
                  @Override
                  public void onTurnedAway(Row row, BatchFlowException why, ContextView context) {
                    told.add(context.get("who") + " " + why.table());
                  }
                });
    scene.submit(throttled, QuotaScene.row("orders", 1), "who", "ann");
    scene.submit(throttled, QuotaScene.row("orders", 2), "who", "ann");

    assertThat(told).containsExactly("ann orders");
  }

  @Test
  void aDeniedRowUsesNoQuota() {
    ThrottledFlow throttled =
        scene.throttled(scene.quotas().eachUser(Quota.rows(1)).overflow(Overflow.FAIL));
    GuardedFlow guarded =
        GuardedFlow.of(
            throttled,
            Rights.builder().role("writer", "table:orders:write").user("ann", "writer").build());
    List<Object> ends = new ArrayList<>();
    for (String table : List.of("users", "orders", "orders")) {
      guarded
          .submit(QuotaScene.row(table, 1))
          .contextWrite(context -> context.put(AuditTrail.USER, "ann"))
          .subscribe(result -> ends.add("written"), error -> ends.add(error.getClass()));
      scene.advance(0);
    }

    assertThat(ends).containsExactly(AccessDenied.class, "written", QuotaExceeded.class);
  }

  @Test
  void theDefaultSchedulerIsThatOfVirtualTime() {
    VirtualTimeScheduler.getOrSet(scene.time);
    try {
      ThrottledFlow throttled =
          ThrottledFlow.of(scene.flow, Quotas.builder().eachTable(ONE_IN_100_MS).build());
      scene.submit(throttled, QuotaScene.row("orders", 1));
      scene.submit(throttled, QuotaScene.row("orders", 2));

      assertThat(scene.written()).isEqualTo(1);
      scene.advance(100);
      assertThat(scene.written()).isEqualTo(2);
    } finally {
      VirtualTimeScheduler.reset();
    }
  }
}
