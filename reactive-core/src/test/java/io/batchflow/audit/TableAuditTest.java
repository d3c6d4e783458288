package io.batchflow.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.Ordering;
import io.batchflow.Schema;
import io.batchflow.control.TableControl;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** Every operation on a table leaves a record of who asked for it and how it ended. */
class TableAuditTest {

  private static final Schema ORDERS = Schema.table("orders").columns("id").build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer =
      RecordingWriter.create().answeringAfter(Duration.ofSeconds(3), time);
  private final List<TableAuditRecord> records = new ArrayList<>();
  private final BatchFlow flow = flow(trail().build());
  private final TableControl orders = flow.control("orders");

  private AuditTrail.Builder trail() {
    return AuditTrail.builder("shop", batch -> Mono.empty()).tableOperations(this::store);
  }

  private Publisher<Void> store(TableAuditRecord made) {
    return Mono.fromRunnable(() -> records.add(made));
  }

  private BatchFlow flow(AuditTrail trail) {
    return BatchFlow.builder(writer).listener(trail).scheduler(time).build();
  }

  private void submit(int rows) {
    for (int i = 0; i < rows; i++) {
      flow.submit(ORDERS.row().set("id", i)).onErrorComplete().subscribe();
    }
  }

  private static void as(String user, Mono<Void> operation) {
    operation.onErrorComplete().contextWrite(Context.of(AuditTrail.USER, user)).subscribe();
  }

  @Test
  void aRecordTellsWhoAskedWhenAndHowLongItTook() {
    time.advanceTimeBy(Duration.ofSeconds(60));
    submit(5);
    as("ann", orders.pause());
    assertThat(records).isEmpty();
    time.advanceTimeBy(Duration.ofSeconds(10));

    assertThat(records)
        .containsExactly(
            new TableAuditRecord(
                Instant.ofEpochSecond(60), "orders", "pause", "ann", "", 3_000, 5, true, null));
  }

  @Test
  void theFieldsHaveTheNamesOfLogs() {
    as("ann", orders.pause());

    assertThat(records).hasSize(1);
    assertThat(records.get(0).fields())
        .containsExactly(
            Map.entry("timestamp", Instant.EPOCH),
            Map.entry("table", "orders"),
            Map.entry("operation", "pause"),
            Map.entry("user", "ann"),
            Map.entry("details", ""),
            Map.entry("duration_ms", 0L),
            Map.entry("record_count", 0L),
            Map.entry("success", true),
            new SimpleEntry<>("error", null));
  }

  @Test
  void eachKindOfOperationIsRecorded() {
    as("ann", orders.pause());
    as("bob", orders.resume());
    as("cid", orders.flush());
    as("dan", orders.policy(BatchPolicy.builder().maxSize(5).concurrency(2).build()));

    assertThat(records)
        .extracting(one -> one.operation() + " by " + one.user() + ": " + one.details())
        .containsExactly(
            "pause by ann: ",
            "resume by bob: ",
            "flush by cid: ",
            "policy by dan: maxSize: 1000 -> 5, concurrency: 2147483647 -> 2");
  }

  @Test
  void eachSubscriptionIsAnOperation() {
    Mono<Void> flush = orders.flush();
    assertThat(records).isEmpty();
    flush.subscribe();
    flush.subscribe();

    assertThat(records).hasSize(2).allSatisfy(one -> assertThat(one.user()).isNull());
  }

  @Test
  void aRefusedPolicyIsRecordedWithItsReason() {
    as("ann", orders.policy(BatchPolicy.builder().ordering(Ordering.PER_KEY).build()));

    assertThat(records).hasSize(1);
    assertThat(records.get(0).success()).isFalse();
    assertThat(records.get(0).details()).isEqualTo("ordering: null -> PER_KEY");
    assertThat(records.get(0).error()).contains("Option 'ordering' of table 'orders'");
  }

  @Test
  void anOperationOnAClosedFlowIsRecorded() {
    flow.close().subscribe();
    as("ann", orders.pause());

    assertThat(records).hasSize(1);
    assertThat(records.get(0).success()).isFalse();
    assertThat(records.get(0).error()).contains("orders");
  }

  @Test
  void aCallerThatStopsWaitingIsRecordedAndThePauseGoesOn() {
    submit(1);
    orders.pause().contextWrite(Context.of(AuditTrail.USER, "ann")).subscribe().dispose();
    time.advanceTimeBy(Duration.ofSeconds(10));

    assertThat(records).hasSize(1);
    assertThat(records.get(0).success()).isFalse();
    assertThat(records.get(0).error()).isEqualTo("java.util.concurrent.CancellationException");
    assertThat(orders.isPaused()).isTrue();
  }

  @Test
  void theKeyOfPrincipalsIsThatOfUsersToo() {
    BatchFlow other = flow(trail().principal("login").build());
    other.control("orders").flush().contextWrite(Context.of("login", "eve")).subscribe();

    assertThat(records).extracting(TableAuditRecord::user).containsExactly("eve");
  }

  @Test
  void aTrailWithoutAKeeperForThemRecordsNoOperations() {
    AuditTrail trail =
        AuditTrail.builder("shop", batch -> Mono.error(new AssertionError())).build();
    flow(trail).control("orders").flush().subscribe();

    assertThat(trail.kept() + trail.lost()).isZero();
  }

  @Test
  void aRecordThatCannotBeKeptCountsAsLost() {
    AuditTrail trail =
        AuditTrail.builder("shop", batch -> Mono.empty())
            .tableOperations(made -> Mono.error(new IllegalStateException()))
            .build();
    flow(trail).control("orders").flush().subscribe();

    assertThat(trail.lost()).isOne();
  }
}
