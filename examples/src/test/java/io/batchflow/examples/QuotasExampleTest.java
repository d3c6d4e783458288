package io.batchflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchFlowException.QuotaExceeded;
import io.batchflow.BatchListener;
import io.batchflow.Overflow;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.WriteResult;
import io.batchflow.audit.AuditTrail;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.GuardedFlow;
import io.batchflow.guard.Rights;
import io.batchflow.quota.Quota;
import io.batchflow.quota.QuotaMetrics;
import io.batchflow.quota.Quotas;
import io.batchflow.quota.ThrottledFlow;
import io.batchflow.test.RecordingWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** The snippets of docs/quotas.md. */
class QuotasExampleTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  private final BatchFlow flow = BatchFlow.builder(RecordingWriter.create()).build();

  @AfterEach
  void close() {
    flow.close().block();
  }

  private static ThrottledFlow throttle(BatchFlow flow, BatchListener audit) {
    Quotas quotas =
        Quotas.builder()
            .eachUser(Quota.rows(1_000))
            .user("import", Quota.rows(50_000).withBurst(Duration.ofSeconds(10)))
            .eachTenant(Quota.of(5_000, 2_000_000))
            .table("audit_log", Quota.bytes(1_000_000))
            .build();
    ThrottledFlow throttled = ThrottledFlow.of(flow, quotas).withListener(audit);
    return throttled;
  }

  private static Mono<WriteResult> submit(ThrottledFlow throttled, Row row) {
    return throttled
        .submit(row)
        .contextWrite(Context.of(AuditTrail.USER, "ann", ContextName.TENANT, "acme"));
  }

  private static GuardedFlow guard(ThrottledFlow throttled, Rights rights) {
    GuardedFlow guarded = GuardedFlow.of(throttled, rights);
    return guarded;
  }

  private static void measure(ThrottledFlow throttled, MeterRegistry registry) {
    QuotaMetrics.of("shop", throttled).bindTo(registry);
  }

  @Test
  void rowsWithinTheQuotasAreStored() {
    ThrottledFlow throttled = throttle(flow, new BatchListener() {});
    submit(throttled, ORDERS.row().set("id", 1L)).block();

    assertThat(flow.stats().ledger().written()).isEqualTo(1);
  }

  @Test
  void aRowBeyondThemIsRefusedAndCounted() {
    Quotas one = Quotas.builder().eachUser(Quota.rows(1)).overflow(Overflow.FAIL).build();
    ThrottledFlow throttled = ThrottledFlow.of(flow, one);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    measure(throttled, registry);
    GuardedFlow guarded =
        guard(throttled, Rights.builder().role("all", "*").user("ann", "all").build());
    Context ann = Context.of(AuditTrail.USER, "ann");

    long refused =
        Mono.defer(() -> guarded.submit(ORDERS.row().set("id", 1L)).contextWrite(ann))
            .map(written -> 0)
            .onErrorReturn(QuotaExceeded.class, 1)
            .repeat(99)
            .filter(end -> end == 1)
            .count()
            .block();

    assertThat(refused).isPositive();
    assertThat(registry.get("batchflow.quota.refused").tag("quota", "user").functionCounter())
        .satisfies(counter -> assertThat(counter.count()).isEqualTo((double) refused));
  }
}
