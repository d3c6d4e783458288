package io.batchflow.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.AccessDenied;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.BatchListener;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.GuardedFlow;
import io.batchflow.guard.Rights;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

class ThrottledFlowTest {

  private static final Quota ONE_IN_100_MS = Quota.rows(10).withBurst(Duration.ofMillis(100));

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();
  private final BatchFlow flow = BatchFlow.builder(writer).scheduler(time).build();
  private final List<BatchFlowException> errors = new ArrayList<>();

  @AfterEach
  void close() {
    flow.close().subscribe();
    advance(Duration.ofMinutes(1));
    LedgerAssertions.assertBalanced(flow);
  }

  private static Row row(String table, long id) {
    return Schema.table(table).columns("id").build().row().set("id", id);
  }

  private Quotas.Builder quotas() {
    return Quotas.builder().scheduler(time);
  }

  private ThrottledFlow throttled(Quotas.Builder quotas) {
    return ThrottledFlow.of(flow, quotas.build());
  }

  private void advance(Duration by) {
    time.advanceTimeBy(by);
  }

  private void advance(long millis) {
    advance(Duration.ofMillis(millis));
  }

  private Disposable submit(ThrottledFlow throttled, Row row, Object... context) {
    Disposable waiting =
        throttled
            .submit(row)
            .contextWrite(known -> known.putAll(contextOf(context)))
            .subscribe(done -> {}, error -> errors.add((BatchFlowException) error));
    advance(0);
    return waiting;
  }

  private static ContextView contextOf(Object... entries) {
    Context context = Context.empty();
    for (int i = 0; i < entries.length; i += 2) {
      context = context.put(entries[i], entries[i + 1]);
    }
    return context;
  }

  private int written() {
    return writer.rows().size();
  }

  @Test
  void rowsBeyondTheQuotaWaitForTheirTurn() {
    ThrottledFlow throttled = throttled(quotas().eachTable(ONE_IN_100_MS));
    for (int i = 0; i < 4; i++) {
      submit(throttled, row("orders", i));
    }

    assertThat(written()).isEqualTo(1);
    assertThat(flow.stats().ledger().admitted()).isEqualTo(1);
    advance(99);
    assertThat(written()).isEqualTo(1);
    advance(1);
    assertThat(written()).isEqualTo(2);
    advance(200);
    assertThat(writer.rows()).extracting(row -> row.value("id")).containsExactly(0L, 1L, 2L, 3L);
    assertThat(errors).isEmpty();
  }

  @Test
  void whatIsNotUsedIsSavedForABurst() {
    ThrottledFlow throttled =
        throttled(quotas().eachTable(Quota.rows(10).withBurst(Duration.ofSeconds(2))));
    for (int i = 0; i < 25; i++) {
      submit(throttled, row("orders", i));
    }

    assertThat(written()).isEqualTo(20);
    advance(500);
    assertThat(written()).isEqualTo(25);
  }

  @Test
  void aRowFailsAtOnceIfThePolicySaysSoAndIsToldWhenToComeBack() {
    ThrottledFlow throttled = throttled(quotas().eachTenant(ONE_IN_100_MS).overflow(Overflow.FAIL));
    String[] ann = {AuditTrail.USER, "ann", ContextName.TENANT, "acme"};
    submit(throttled, row("orders", 1), (Object[]) ann);
    advance(40);
    submit(throttled, row("orders", 2), (Object[]) ann);

    assertThat(errors).hasSize(1);
    QuotaExceeded error = (QuotaExceeded) errors.get(0);
    assertThat(error)
        .hasMessage(
            "Row for table 'orders' of user 'ann' of tenant 'acme' was turned away: the quota of"
                + " the tenant is used up. Submit the row again after PT0.06S, or raise the"
                + " quota.");
    assertThat(error.retryAfter()).isEqualTo(Duration.ofMillis(60));
    assertThat(error.status()).isEqualTo(OutcomeStatus.NOT_SENT);
    assertThat(error.isRetryable()).isTrue();
    assertThat(error.row()).isNotNull();
    advance(error.retryAfter());
    submit(throttled, row("orders", 2), (Object[]) ann);
    assertThat(errors).hasSize(1);
    assertThat(written()).isEqualTo(2);
  }

  @Test
  void aRowThatWouldWaitTooLongFailsAtOnceAndTakesNothing() {
    ThrottledFlow throttled =
        throttled(quotas().eachTable(ONE_IN_100_MS).maxWait(Duration.ofMillis(250)));
    for (int i = 0; i < 10; i++) {
      submit(throttled, row("orders", i));
    }

    assertThat(errors).hasSize(7);
    assertThat(((QuotaExceeded) errors.get(6)).retryAfter()).isEqualTo(Duration.ofMillis(300));
    advance(200);
    assertThat(written()).isEqualTo(3);
    advance(100);
    submit(throttled, row("orders", 10));
    assertThat(written()).isEqualTo(4);
  }

  @Test
  void aRowThatIsCancelledWhileItWaitsGivesBackWhatItTook() {
    ThrottledFlow throttled = throttled(quotas().eachTable(ONE_IN_100_MS));
    submit(throttled, row("orders", 1));
    Disposable waiting = submit(throttled, row("orders", 2));
    waiting.dispose();
    submit(throttled, row("orders", 3));

    advance(100);
    assertThat(writer.rows()).extracting(row -> row.value("id")).containsExactly(1L, 3L);
  }

  @Test
  void aStreamRequestsLess() {
    ThrottledFlow throttled = throttled(quotas().eachTable(ONE_IN_100_MS).overflow(Overflow.FAIL));
    AtomicInteger requested = new AtomicInteger();
    List<Outcome<Row>> outcomes = new ArrayList<>();
    Disposable stream =
        throttled
            .submitAll(
                Flux.range(0, 1_000_000)
                    .map(i -> row("orders", i))
                    .doOnRequest(n -> requested.addAndGet((int) n)))
            .subscribe(outcomes::add);
    advance(0);

    for (int rows = 1; rows <= 50; rows++) {
      assertThat(outcomes).hasSize(rows);
      assertThat(requested.get()).isEqualTo(rows + 1); // one row waits
      advance(100);
    }
    assertThat(outcomes).allMatch(Outcome::isWritten);
    stream.dispose();
    advance(0);
    submit(throttled, row("orders", 0)); // the row that waited has given its turn back
    assertThat(errors).hasSize(1);
    advance(100);
    submit(throttled, row("orders", 0));
    assertThat(errors).hasSize(1);
  }

  @Test
  void streamsAndSingleRowsTakeTurns() {
    ThrottledFlow throttled = throttled(quotas().eachUser(ONE_IN_100_MS));
    throttled.submitAll(Flux.range(0, 1_000).map(i -> row("stream", i))).subscribe();
    throttled.submitAll(Flux.range(0, 1_000).map(i -> row("other", i))).subscribe();
    for (int i = 0; i < 10; i++) {
      advance(200);
      submit(throttled, row("single", i));
    }

    advance(3_000);
    assertThat(writer.rows()).filteredOn(row -> row.schema().table().equals("single")).hasSize(10);
    assertThat(writer.rows())
        .filteredOn(row -> row.schema().table().equals("stream"))
        .hasSizeGreaterThan(15);
    assertThat(writer.rows())
        .filteredOn(row -> row.schema().table().equals("other"))
        .hasSizeGreaterThan(15);
  }

  @Test
  void refusedRowsAreToldToTheListeners() {
    List<String> told = new ArrayList<>();
    ThrottledFlow throttled =
        throttled(quotas().eachUser(Quota.rows(1)).overflow(Overflow.FAIL))
            .withUsers(ContextName.of("who"))
            .withListener(
                new BatchListener() {
                  @Override
                  public void onTurnedAway(Row row, BatchFlowException why, ContextView context) {
                    told.add(context.get("who") + " " + why.table());
                  }
                });
    submit(throttled, row("orders", 1), "who", "ann");
    submit(throttled, row("orders", 2), "who", "ann");

    assertThat(told).containsExactly("ann orders");
  }

  @Test
  void aDeniedRowUsesNoQuota() {
    ThrottledFlow throttled = throttled(quotas().eachUser(Quota.rows(1)).overflow(Overflow.FAIL));
    GuardedFlow guarded =
        GuardedFlow.of(
            throttled,
            Rights.builder().role("writer", "table:orders:write").user("ann", "writer").build());
    List<Object> ends = new ArrayList<>();
    for (String table : List.of("users", "orders", "orders")) {
      guarded
          .submit(row(table, 1))
          .contextWrite(context -> context.put(AuditTrail.USER, "ann"))
          .subscribe(result -> ends.add("written"), error -> ends.add(error.getClass()));
      advance(0);
    }

    assertThat(ends).containsExactly(AccessDenied.class, "written", QuotaExceeded.class);
  }

  @Test
  void theDefaultSchedulerIsThatOfVirtualTime() {
    VirtualTimeScheduler.getOrSet(time);
    try {
      ThrottledFlow throttled =
          ThrottledFlow.of(flow, Quotas.builder().eachTable(ONE_IN_100_MS).build());
      submit(throttled, row("orders", 1));
      submit(throttled, row("orders", 2));

      assertThat(written()).isEqualTo(1);
      advance(100);
      assertThat(written()).isEqualTo(2);
    } finally {
      VirtualTimeScheduler.reset();
    }
  }
}
