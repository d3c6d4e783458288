package io.batchflow.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.FlowClosedException;
import io.batchflow.InvalidRowException;
import io.batchflow.Outcome;
import io.batchflow.QueueFullException;
import io.batchflow.Row;
import io.batchflow.Schema;
import io.batchflow.guard.ContextName;
import io.batchflow.guard.GuardedFlow;
import io.batchflow.guard.Rights;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

class TenantFlowsTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").required("id").build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final Map<String, RecordingWriter> writers = new TreeMap<>();
  private final List<String> made = new ArrayList<>();
  private final List<BatchFlow> flows = new ArrayList<>();
  private final List<Object> ends = new ArrayList<>();
  private final TenantFlows tenants =
      TenantFlows.builder(this::flowOf)
          .maxTenants(2)
          .idleTime(Duration.ofMinutes(1))
          .scheduler(time)
          .build();

  private @Nullable BatchFlow flowOf(String tenant) {
    if (tenant.equals("nobody")) {
      return null;
    }
    made.add(tenant);
    BatchFlow flow =
        BatchFlow.builder(writers.computeIfAbsent(tenant, name -> RecordingWriter.create()))
            .scheduler(time)
            .maxPending(10)
            .maxWait(Duration.ofMinutes(5))
            .writeTimeout(Duration.ofMinutes(5))
            .closeTimeout(Duration.ofMinutes(5))
            .defaultPolicy(BatchPolicy.builder().maxSize(10).build())
            .build();
    flows.add(flow);
    return flow;
  }

  @AfterEach
  void close() {
    writers.values().forEach(RecordingWriter::release);
    tenants.close().subscribe();
    advance(Duration.ofMinutes(10));
    assertThat(tenants.size()).isZero();
    flows.forEach(LedgerAssertions::assertBalanced);
  }

  private static Row row(long id) {
    return ORDERS.row().set("id", id);
  }

  private void advance(Duration by) {
    time.advanceTimeBy(by);
  }

  private Disposable submit(String tenant, long id) {
    Disposable submission =
        tenants
            .submit(row(id))
            .contextWrite(Context.of(ContextName.TENANT, tenant))
            .subscribe(result -> ends.add(id), error -> ends.add(error.getClass()));
    advance(Duration.ZERO);
    return submission;
  }

  private List<Object> ids(String tenant) {
    return writers.get(tenant).rows().stream().map(row -> row.value("id")).toList();
  }

  @Test
  void eachTenantHasAFlowOfItsOwn() {
    submit("acme", 1);
    submit("umbrella", 2);
    submit("acme", 3);

    assertThat(made).containsExactly("acme", "umbrella");
    assertThat(ids("acme")).containsExactly(1L, 3L);
    assertThat(ids("umbrella")).containsExactly(2L);
    assertThat(tenants.size()).isEqualTo(2);
  }

  @Test
  void aTenantThatFloodsItsOwnDelaysNoOther() {
    writers.put("acme", RecordingWriter.create().hold());
    for (int i = 0; i < 50; i++) {
      submit("acme", i);
    }
    submit("umbrella", 100);

    assertThat(ends).containsExactly(100L);
    writers.get("acme").release();
    advance(Duration.ofSeconds(1));
    assertThat(ends).hasSize(51);
  }

  @Test
  void streamsAndUnitsGoToTheTenantOfTheirSubscriber() {
    List<Outcome<Row>> outcomes = new ArrayList<>();
    tenants
        .submitAll(Flux.range(0, 100).map(TenantFlowsTest::row))
        .contextWrite(Context.of(ContextName.TENANT, "acme"))
        .subscribe(outcomes::add);
    advance(Duration.ZERO);
    assertThat(outcomes).hasSize(100).allMatch(Outcome::isWritten);
    assertThat(ids("acme")).hasSize(100);

    tenants
        .submitTogether(List.of(row(1)))
        .contextWrite(Context.of(ContextName.TENANT, "acme"))
        .subscribe(result -> ends.add("unit"));
    advance(Duration.ZERO);
    assertThat(ends).containsExactly("unit");
  }

  @Test
  void idleTenantsAreForgotten() {
    submit("acme", 1);
    advance(Duration.ofSeconds(80));
    submit("umbrella", 2);
    advance(Duration.ofSeconds(20));
    assertThat(tenants.size()).isEqualTo(1);
    assertThat(writers.get("acme").timesClosed()).isEqualTo(1);
    assertThat(writers.get("umbrella").timesClosed()).isZero();

    submit("acme", 3);
    assertThat(made).containsExactly("acme", "umbrella", "acme");
    assertThat(ids("acme")).containsExactly(1L, 3L);
  }

  @Test
  void aTenantWithARowUnderWayIsNotIdle() {
    writers.put("acme", RecordingWriter.create().hold());
    submit("acme", 1);
    advance(Duration.ofSeconds(50));

    assertThat(tenants.size()).isEqualTo(1);
    assertThat(writers.get("acme").timesClosed()).isZero();
  }

  @Test
  void anotherTenantTakesThePlaceOfTheLongestIdle() {
    submit("acme", 1);
    advance(Duration.ofSeconds(1));
    submit("umbrella", 2);
    advance(Duration.ofSeconds(1));
    submit("stark", 3);

    assertThat(ends).containsExactly(1L, 2L, 3L);
    assertThat(writers.get("acme").timesClosed()).isEqualTo(1);
    assertThat(writers.get("umbrella").timesClosed()).isZero();
    assertThat(tenants.size()).isEqualTo(2);
  }

  @Test
  void aCallerMayGoOnWithAnotherTenantAtOnce() {
    Flux.range(0, 10)
        .flatMap(
            id ->
                tenants
                    .submit(row(id))
                    .contextWrite(Context.of(ContextName.TENANT, "tenant " + id)),
            2)
        .subscribe(result -> ends.add("written"), error -> ends.add(error));
    advance(Duration.ofSeconds(1));

    assertThat(ends).hasSize(10).containsOnly("written");
  }

  @Test
  void ifNoneIsIdleTheRowIsTurnedAway() {
    writers.put("acme", RecordingWriter.create().hold());
    writers.put("umbrella", RecordingWriter.create().hold());
    submit("acme", 1);
    submit("umbrella", 2);
    submit("stark", 3);

    assertThat(ends).containsExactly(QueueFullException.class);
    writers.get("acme").release();
    advance(Duration.ZERO);
    submit("stark", 3);
    assertThat(ends).containsExactly(QueueFullException.class, 1L, 3L);
  }

  @Test
  void aTenantWhoseFlowIsBeingClosedWaitsForIt() {
    writers.put("acme", RecordingWriter.create().hold());
    Disposable cancelled = submit("acme", 1);
    cancelled.dispose(); // sealed, so the row is still being written
    advance(Duration.ofSeconds(90));
    submit("acme", 2);
    assertThat(made).containsExactly("acme");

    writers.get("acme").release();
    advance(Duration.ofSeconds(1));
    assertThat(made).containsExactly("acme", "acme");
    assertThat(ids("acme")).containsExactly(1L, 2L);
    assertThat(ends).containsExactly(2L);
  }

  @Test
  void anUnknownTenantTakesNoPlace() {
    for (int i = 0; i < 5; i++) {
      submit("nobody", i);
    }
    submit("acme", 1);
    submit("umbrella", 2);

    assertThat(ends)
        .hasSize(7)
        .endsWith(1L, 2L)
        .startsWith(InvalidRowException.class, InvalidRowException.class);
    assertThatThrownBy(() -> tenants.submit(row(1)).block())
        .isInstanceOf(InvalidRowException.class)
        .hasMessageContaining("its caller has no tenant");
    assertThatThrownBy(
            () ->
                tenants
                    .submitAll(Flux.just(row(1)))
                    .contextWrite(Context.of(ContextName.TENANT, "nobody"))
                    .blockLast())
        .hasMessageContaining("there is no tenant 'nobody'");
  }

  @Test
  void afterTheCloseRowsAreTurnedAway() {
    submit("acme", 1);
    tenants.close().subscribe();
    advance(Duration.ofSeconds(1));

    submit("acme", 2);
    assertThat(ends).containsExactly(1L, FlowClosedException.class);
    assertThat(writers.get("acme").timesClosed()).isEqualTo(1);
  }

  @Test
  void rightsMayStandBeforeThem() {
    GuardedFlow guarded =
        GuardedFlow.of(tenants, Rights.builder().role("all", "*").user("ann", "all").build())
            .withPrincipal("who");
    guarded
        .submit(row(1))
        .contextWrite(Context.of("who", "ann", ContextName.TENANT, "acme"))
        .subscribe(result -> ends.add("written"));
    advance(Duration.ZERO);

    assertThat(ends).containsExactly("written");
  }
}
