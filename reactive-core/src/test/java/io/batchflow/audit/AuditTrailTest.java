package io.batchflow.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.batchflow.BatchFlow;
import io.batchflow.BatchPolicy;
import io.batchflow.ConflictStrategy;
import io.batchflow.FailureKind;
import io.batchflow.InvalidConfigurationException;
import io.batchflow.OutcomeStatus;
import io.batchflow.Schema;
import io.batchflow.test.LedgerAssertions;
import io.batchflow.test.RecordingWriter;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.retry.Retry;

class AuditTrailTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String FAILURE = "io.batchflow.test.RecordingWriter$SimulatedFailure";

  private static final Schema ORDERS =
      Schema.table("orders")
          .columns("id", "item")
          .conflictKey("id")
          .onConflict(ConflictStrategy.UPDATE)
          .build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create().answeringAfter(SECOND, time);
  private final List<AuditRecord> records = new ArrayList<>();
  private final AuditTrail trail = trail(this::store).principal("user").build();

  private Mono<Void> store(AuditRecord made) {
    return Mono.fromRunnable(() -> records.add(made));
  }

  private static AuditTrail.Builder trail(Function<AuditRecord, Publisher<Void>> keeper) {
    return AuditTrail.builder("shop", keeper);
  }

  private BatchFlow flow(int rows, AuditTrail trail) {
    return BatchFlow.builder(writer)
        .listener(trail)
        .scheduler(time)
        .concurrency(1)
        .retry(Retry.fixedDelay(2, SECOND))
        .defaultPolicy(
            BatchPolicy.builder()
                .maxSize(rows)
                .maxDelay(Duration.ofHours(20))
                .lingerWhenIdle(true)
                .build())
        .build();
  }

  private static Mono<?> order(BatchFlow flow, long id, String item) {
    return flow.submit(ORDERS.row().set("id", id).set("item", item)).onErrorComplete();
  }

  private static void as(Object user, Mono<?> mono) {
    mono.contextWrite(Context.of("user", user)).subscribe();
  }

  @Test
  void aBatchIsARecordOfWhoStoredWhatWhereAndNoValues() {
    Principal ann = () -> "ann";
    BatchFlow flow = flow(4, trail);
    Instant before = Instant.now();

    as(ann, order(flow, 1, "s3cr3t"));
    as("bob", order(flow, 2, "s3cr3t"));
    as("bob", order(flow, 2, "s3cr3t"));
    order(flow, 3, "s3cr3t").subscribe();
    time.advanceTimeBy(SOON);

    assertThat(records)
        .containsExactly(
            new AuditRecord(
                records.get(0).time(),
                "shop",
                "orders",
                ConflictStrategy.UPDATE,
                3,
                0,
                0,
                1,
                SECOND,
                OutcomeStatus.WRITTEN,
                null,
                List.of("ann", "bob")));
    assertThat(records.get(0).time()).isBetween(before, Instant.now());
    assertThat(records.get(0).isSuccess()).isTrue();
    assertThat(records.toString()).doesNotContain("s3cr3t");
  }

  @Test
  void aFailedBatchIsRejectedOrUnknownWithTheClassOfTheFailure() {
    writer
        .failing(1, RecordingWriter.failure(FailureKind.TRANSIENT))
        .failing(2, RecordingWriter.failure(FailureKind.PERMANENT));
    Schema plain = Schema.table("plain").columns("id").build();
    BatchFlow flow = flow(1, trail);

    as("ann", order(flow, 1, "tea"));
    time.advanceTimeBy(SOON);
    writer.failing(3, RecordingWriter.failure(FailureKind.UNKNOWN));
    as("bob", flow.submit(plain.row().set("id", 1)).onErrorComplete());
    time.advanceTimeBy(SOON);

    assertThat(records)
        .extracting(
            AuditRecord::table,
            AuditRecord::status,
            AuditRecord::attempts,
            AuditRecord::took,
            AuditRecord::error,
            AuditRecord::principals,
            AuditRecord::isSuccess)
        .containsExactly(
            tuple(
                "orders",
                OutcomeStatus.REJECTED,
                2,
                Duration.ofSeconds(3),
                FAILURE,
                List.of("ann"),
                false),
            tuple("plain", OutcomeStatus.UNKNOWN, 1, SECOND, FAILURE, List.of("bob"), false));
  }

  @Test
  void rowsThatAreRejectedOneByOneAreCounted() {
    writer.rejectingRows(row -> "bad".equals(row.value("item")));
    BatchFlow flow = flow(3, trail);

    as("ann", order(flow, 1, "tea"));
    as("bob", order(flow, 2, "bad"));
    as("ann", order(flow, 3, "milk"));
    time.advanceTimeBy(SOON);

    AuditRecord record = records.get(0);
    assertThat(record.status()).isEqualTo(OutcomeStatus.WRITTEN);
    assertThat(List.of(record.rows(), record.rejected())).containsExactly(3, 1);
    assertThat(record.error()).isEqualTo(FAILURE);
    assertThat(record.isSuccess()).isFalse();
  }

  @Test
  void partsOfASplitBatchAreRecordsOfTheirOwn() {
    writer.rejecting(row -> "bad".equals(row.value("item")));
    BatchFlow flow = flow(2, trail);

    as("ann", order(flow, 1, "tea"));
    as("bob", order(flow, 2, "bad"));
    time.advanceTimeBy(SOON);

    assertThat(records)
        .extracting(made -> made.status() + " " + made.principals())
        .containsExactly("WRITTEN [ann]", "REJECTED [bob]");
  }

  @Test
  void recordsBeyondTheBoundAreCountedAsLost() {
    Sinks.Empty<Void> disk = Sinks.empty();
    AuditTrail slow = trail(made -> disk.asMono()).maxPending(2).build();
    BatchFlow flow = flow(1, slow);

    for (int id = 1; id <= 5; id++) {
      order(flow, id, "tea").subscribe();
    }
    time.advanceTimeBy(SOON);

    assertThat(List.of(slow.pending(), slow.kept(), slow.lost())).containsExactly(2, 0L, 3L);
    assertThat(LedgerAssertions.assertBalanced(flow).written()).isEqualTo(5);
    List<String> flushed = new ArrayList<>();
    slow.flush().subscribe(nothing -> {}, failure -> {}, () -> flushed.add("flushed"));
    assertThat(flushed).isEmpty();

    disk.tryEmitEmpty();

    assertThat(flushed).containsExactly("flushed");
    assertThat(List.of(slow.pending(), slow.kept(), slow.lost())).containsExactly(0, 2L, 3L);
    order(flow, 6, "tea").subscribe();
    time.advanceTimeBy(SOON);
    assertThat(slow.kept()).isEqualTo(3);
  }

  @Test
  void aKeeperThatFailsLosesRecordsAndHarmsNoFlow() {
    List<Function<AuditRecord, Publisher<Void>>> keepers =
        List.of(
            made -> Mono.error(new IllegalStateException("the disk is full")),
            made -> {
              throw new IllegalStateException("the disk is gone");
            });

    for (Function<AuditRecord, Publisher<Void>> keeper : keepers) {
      AuditTrail failing = trail(keeper).build();
      BatchFlow flow = flow(1, failing);
      order(flow, 1, "tea").subscribe();
      time.advanceTimeBy(SOON);

      assertThat(List.of(failing.pending(), failing.kept(), failing.lost()))
          .containsExactly(0, 0L, 1L);
      assertThat(LedgerAssertions.assertBalanced(flow).written()).isEqualTo(1);
    }
  }

  @Test
  void aPrincipalThatHasNoNameLosesItsRecordOnly() {
    Principal broken =
        () -> {
          throw new IllegalStateException("no name");
        };
    BatchFlow flow = flow(1, trail);

    as(broken, order(flow, 1, "tea"));
    as("bob", order(flow, 2, "tea"));
    time.advanceTimeBy(SOON);

    assertThat(records).hasSize(1);
    assertThat(trail.lost()).isEqualTo(1);
  }

  @Test
  void aStreamIsOnePrincipal() {
    BatchFlow flow = flow(3, trail);

    flow.submitAll(Flux.range(1, 3).map(id -> ORDERS.row().set("id", id)))
        .contextWrite(Context.of("user", "importer"))
        .subscribe();
    time.advanceTimeBy(SOON);

    assertThat(records).extracting(AuditRecord::principals).containsExactly(List.of("importer"));
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> AuditTrail.builder(" ", made -> Mono.empty()))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThatThrownBy(() -> trail(made -> Mono.empty()).maxPending(0))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("maxPending");
  }
}
