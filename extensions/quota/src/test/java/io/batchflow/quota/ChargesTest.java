package io.batchflow.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.OutcomeStatus;
import io.batchflow.Overflow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.ContextName;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import io.batchflow.unit.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What a row is charged with, and to whom. */
class ChargesTest {

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
  void bytesAreLimitedToo() {
    Schema files = Schema.table("files").columns("content").build();
    int size = files.row().set("content", new byte[1_000]).freeze().estimatedBytes();
    ThrottledFlow throttled =
        throttled(quotas().eachTable(Quota.bytes(size * 10L).withBurst(Duration.ofMillis(200))));
    for (int i = 0; i < 5; i++) {
      submit(throttled, files.row().set("content", new byte[1_000]));
    }

    assertThat(written()).isEqualTo(2);
    advance(300);
    assertThat(written()).isEqualTo(5);
  }

  @Test
  void aRowThatIsLargerThanTheQuotaPassesAndIsPaidForLater() {
    Schema files = Schema.table("files").columns("content").build();
    int size = files.row().set("content", new byte[10_000]).freeze().estimatedBytes();
    ThrottledFlow throttled =
        throttled(quotas().eachTable(Quota.bytes(size / 10)).overflow(Overflow.FAIL));
    submit(throttled, files.row().set("content", new byte[10_000]));
    submit(throttled, row("files", 1));

    assertThat(written()).isEqualTo(1);
    assertThat(((QuotaExceeded) errors.get(0)).retryAfter())
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    advance(10_000);
    submit(throttled, row("files", 1));
    assertThat(written()).isEqualTo(2);
  }

  @Test
  void eachQuotaIsCountedForItselfAndTheLongestWaitDecides() {
    ThrottledFlow throttled =
        throttled(
            quotas()
                .overflow(Overflow.FAIL)
                .eachUser(Quota.rows(2))
                .user("batch", Quota.rows(100))
                .eachTenant(Quota.rows(3))
                .table("orders", Quota.rows(4)));
    Object[] ann = {AuditTrail.USER, "ann", ContextName.TENANT, "acme"};
    Object[] bob = {AuditTrail.USER, "bob", ContextName.TENANT, "acme"};
    Object[] batch = {AuditTrail.USER, "batch", ContextName.TENANT, "nightly"};
    submit(throttled, row("orders", 1), ann);
    submit(throttled, row("orders", 2), ann);
    submit(throttled, row("orders", 3), ann);
    assertThat(errors.get(0)).hasMessageContaining("the quota of the user is used up");
    submit(throttled, row("orders", 4), bob);
    submit(throttled, row("orders", 5), bob);
    assertThat(errors.get(1)).hasMessageContaining("the quota of the tenant is used up");
    submit(throttled, row("orders", 6), batch);
    submit(throttled, row("orders", 7), batch);
    assertThat(errors.get(2)).hasMessageContaining("the quota of the table is used up");
    submit(throttled, row("users", 8), batch);

    assertThat(errors).hasSize(3);
    assertThat(writer.rows())
        .extracting(row -> row.value("id"))
        .containsExactlyInAnyOrder(1L, 2L, 4L, 6L, 8L);
  }

  @Test
  void callersWithoutANameShareOneQuota() {
    ThrottledFlow throttled = throttled(quotas().eachUser(Quota.rows(1)).overflow(Overflow.FAIL));
    submit(throttled, row("orders", 1));
    submit(throttled, row("orders", 2));
    submit(throttled, row("orders", 3), AuditTrail.USER, "ann");

    assertThat(errors).hasSize(1);
    assertThat(((QuotaExceeded) errors.get(0)).user()).isNull();
    assertThat(written()).isEqualTo(2);
  }

  @Test
  void theRowsOfAUnitAreChargedToTheirTables() {
    ThrottledFlow throttled =
        throttled(quotas().table("lines", Quota.rows(5)).overflow(Overflow.FAIL));
    List<Row> unit = List.of(row("orders", 1), row("lines", 2), row("lines", 3), row("lines", 4));
    Row asRow = Unit.of(unit);
    Mono<OutcomeStatus> together =
        throttled
            .submitTogether(unit)
            .thenReturn(OutcomeStatus.WRITTEN)
            .onErrorResume(
                QuotaExceeded.class,
                exceeded -> {
                  assertThat(exceeded.table()).isEqualTo("orders, lines");
                  return Mono.just(exceeded.status());
                });
    List<OutcomeStatus> ends = new ArrayList<>();
    together.subscribe(ends::add);
    advance(0);
    submit(throttled, asRow);
    together.subscribe(ends::add);
    advance(200);
    together.subscribe(ends::add);
    advance(0);

    assertThat(ends)
        .containsExactly(OutcomeStatus.WRITTEN, OutcomeStatus.NOT_SENT, OutcomeStatus.WRITTEN);
    assertThat(errors).singleElement().isInstanceOf(QuotaExceeded.class);
    assertThatThrownBy(() -> throttled.submitTogether(List.of()).block())
        .isInstanceOf(InvalidRowException.class);
  }

  @Test
  void anInvalidRowIsNotCharged() {
    Schema keyed = Schema.table("orders").columns("id").required("id").build();
    ThrottledFlow throttled = throttled(quotas().eachTable(Quota.rows(1)).overflow(Overflow.FAIL));
    submit(throttled, keyed.row());
    List<Outcome<Row>> outcomes = new ArrayList<>();
    throttled.submitAll(Flux.just(keyed.row(), row("orders", 1))).subscribe(outcomes::add);
    advance(0);

    assertThat(errors).singleElement().isInstanceOf(InvalidRowException.class);
    assertThat(outcomes)
        .extracting(Outcome::status)
        .containsExactlyInAnyOrder(OutcomeStatus.INVALID, OutcomeStatus.WRITTEN);
  }
}
