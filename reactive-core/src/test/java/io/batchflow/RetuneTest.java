package io.batchflow;

import static io.batchflow.Rows.EVENTS;
import static io.batchflow.Rows.UPSERTS;
import static io.batchflow.Rows.event;
import static io.batchflow.Rows.patient;
import static io.batchflow.Rows.row;
import static io.batchflow.Rows.watch;
import static io.batchflow.test.LedgerAssertions.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;

import io.batchflow.control.TableControl;
import io.batchflow.stats.TableStats;
import io.batchflow.test.RecordingWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The policy of a table changes while the flow runs. Its next batch follows the new one. */
class RetuneTest {

  private static final Schema OTHER = Schema.table("other").columns("id", "value").build();

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final RecordingWriter writer = RecordingWriter.create();

  private BatchFlow flow(BatchPolicy.Builder policy) {
    return Rows.flow(writer, time).defaultPolicy(policy.build()).concurrency(4).build();
  }

  private static Rows.Probe<Void> retune(
      BatchFlow flow, Schema schema, UnaryOperator<BatchPolicy.Builder> change) {
    TableControl control = flow.control(schema.table());
    return watch(control.policy(change.apply(control.policy().toBuilder()).build()));
  }

  private static void retuned(
      BatchFlow flow, Schema schema, UnaryOperator<BatchPolicy.Builder> change) {
    Rows.Probe<Void> retune = retune(flow, schema, change);
    assertThat(retune.errors).isEmpty();
    assertThat(retune.completions).isEqualTo(1);
  }

  private static List<Rows.Probe<WriteResult>> submit(
      BatchFlow flow, Schema schema, int from, int to) {
    return LongStream.range(from, to)
        .mapToObj(id -> watch(flow.submit(row(schema, id, "v" + id))))
        .toList();
  }

  @Test
  void rowsThatWaitLeaveByASmallerSize() {
    BatchFlow flow = flow(patient().maxSize(100));
    submit(flow, EVENTS, 0, 25);

    retuned(flow, EVENTS, policy -> policy.maxSize(10));

    assertThat(writer.sizes()).containsExactly(10, 10);
    assertThat(flow.stats().queued()).isEqualTo(5);
  }

  @Test
  void aLargerSizeAppliesToTheNextBatch() {
    BatchFlow flow = flow(patient().maxSize(10));
    submit(flow, EVENTS, 0, 9);

    retuned(flow, EVENTS, policy -> policy.maxSize(20));
    submit(flow, EVENTS, 9, 19);
    assertThat(writer.sizes()).isEmpty();
    submit(flow, EVENTS, 19, 20);

    assertThat(writer.sizes()).containsExactly(20);
  }

  @Test
  void rowsThatWaitLeaveByTheirBytes() {
    BatchFlow flow = flow(patient());
    submit(flow, EVENTS, 0, 9);
    Row last = event(9);
    watch(flow.submit(last));

    retuned(flow, EVENTS, policy -> policy.maxBytes(last.estimatedBytes() * 4L));

    assertThat(writer.sizes()).containsExactly(4, 4);
  }

  @Test
  void rowsThatWaitLeaveByAShorterOrALongerDelay() {
    BatchFlow flow = flow(patient());
    submit(flow, EVENTS, 0, 1);

    retuned(flow, EVENTS, policy -> policy.maxDelay(Duration.ofSeconds(5)));
    time.advanceTimeBy(Duration.ofSeconds(2));
    retuned(flow, EVENTS, policy -> policy.maxDelay(Duration.ofSeconds(8)));
    time.advanceTimeBy(Duration.ofMillis(5_999));
    assertThat(writer.sizes()).isEmpty();
    time.advanceTimeBy(Duration.ofMillis(1));

    assertThat(writer.sizes()).containsExactly(1);
  }

  @Test
  void rowsOfAnIdleTableStopToLinger() {
    BatchFlow flow = flow(patient());
    submit(flow, EVENTS, 0, 3);

    retuned(flow, EVENTS, policy -> policy.lingerWhenIdle(false));

    assertThat(writer.sizes()).containsExactly(3);
  }

  @Test
  void moreBatchesMayBeInFlight() {
    BatchFlow flow = flow(BatchPolicy.builder().maxSize(1).concurrency(1));
    writer.hold();
    submit(flow, EVENTS, 0, 5);
    assertThat(writer.running()).isEqualTo(1);

    retuned(flow, EVENTS, policy -> policy.concurrency(3));
    assertThat(writer.running()).isEqualTo(3);
    retuned(flow, EVENTS, policy -> policy.concurrency(1));
    writer.release();
    time.advanceTime();

    assertThat(assertBalanced(flow).written()).isEqualTo(5);
  }

  /** The keys of an ordered table are distributed over as many windows as batches in flight. */
  @Test
  void keysKeepTheirOrderWhenTheNumberOfWindowsChanges() {
    BatchFlow flow = flow(BatchPolicy.builder().maxSize(4).concurrency(1));
    writer.answeringAfter(Duration.ofMillis(10), time);
    int value = 0;

    for (int concurrency : List.of(4, 2, 1, 3, 4, 1)) {
      for (int i = 0; i < 40; i++, value++) {
        watch(flow.submit(row(UPSERTS, value % 7, value)));
      }
      retuned(flow, UPSERTS, policy -> policy.concurrency(concurrency));
      time.advanceTimeBy(Duration.ofMillis(15));
    }
    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(assertBalanced(flow).written()).isEqualTo(240);
    for (long id = 0; id < 7; id++) {
      long key = id;
      List<Integer> values =
          writer.rows().stream()
              .filter(row -> row.value("id").equals(key))
              .map(row -> (Integer) row.value("value"))
              .toList();
      assertThat(values).isSorted();
    }
  }

  @Test
  void anIdleOrderedTableUsesItsNewWindowsAtOnce() {
    BatchFlow flow = flow(BatchPolicy.builder().maxSize(1).concurrency(1));
    submit(flow, UPSERTS, 0, 1);
    retuned(flow, UPSERTS, policy -> policy.concurrency(4));
    submit(flow, UPSERTS, 1, 2); // the rule for keys becomes known
    writer.hold();

    submit(flow, UPSERTS, 0, 40);

    assertThat(writer.running()).isBetween(2, 4);
  }

  @Test
  void rowsThatWaitGetTheNewDeliveryTimeout() {
    BatchFlow flow = flow(patient().maxSize(10));
    List<Rows.Probe<WriteResult>> rows = submit(flow, EVENTS, 0, 2);
    time.advanceTimeBy(Duration.ofSeconds(1));

    retuned(
        flow,
        EVENTS,
        policy -> policy.maxDelay(Duration.ofMillis(900)).deliveryTimeout(Duration.ofSeconds(1)));

    assertThat(rows)
        .allSatisfy(
            probe -> assertThat(probe.errors.get(0)).isInstanceOf(RowExpiredException.class));
    assertThat(assertBalanced(flow).notSent()).isEqualTo(2);
  }

  @Test
  void waitersAndHeldRowsGetTheNewDeliveryTimeout() {
    BatchFlow flow =
        Rows.flow(writer, time)
            .defaultPolicy(BatchPolicy.builder().maxSize(1).build())
            .maxPending(1)
            .build();
    writer.hold();
    submit(flow, EVENTS, 0, 1);
    List<Rows.Probe<WriteResult>> waiting = submit(flow, EVENTS, 1, 2);

    retuned(flow, EVENTS, policy -> policy.deliveryTimeout(Duration.ofSeconds(1)));
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(waiting.get(0).errors.get(0)).isInstanceOf(RowExpiredException.class);
    writer.release();
    watch(flow.control("events").pause());
    retuned(flow, EVENTS, policy -> policy.deliveryTimeout(Duration.ofHours(1)));
    List<Rows.Probe<WriteResult>> held = submit(flow, EVENTS, 2, 3);
    retuned(flow, EVENTS, policy -> policy.deliveryTimeout(Duration.ofSeconds(5)));
    time.advanceTimeBy(Duration.ofSeconds(5));

    assertThat(held.get(0).errors.get(0)).isInstanceOf(RowExpiredException.class);
  }

  @Test
  void overflowAndTheBoundOfAPausedTableChange() {
    BatchFlow flow = flow(BatchPolicy.builder().maxPausedRows(1));
    watch(flow.control("events").pause());
    List<Rows.Probe<WriteResult>> rows = new ArrayList<>(submit(flow, EVENTS, 0, 3));
    assertThat(flow.stats().waiting()).isEqualTo(2);

    retuned(flow, EVENTS, policy -> policy.maxPausedRows(2).overflow(Overflow.FAIL));
    assertThat(flow.stats().waiting()).isEqualTo(1);
    rows.addAll(submit(flow, EVENTS, 3, 4));

    assertThat(rows.get(3).errors.get(0)).isInstanceOf(QueueFullException.class);
    watch(flow.control("events").resume());
    assertThat(assertBalanced(flow).written()).isEqualTo(3);
  }

  @Test
  void aPolicyAppliesToTheTableAloneAndToItsLaterRows() {
    BatchFlow flow = flow(patient().maxSize(10));
    retuned(flow, EVENTS, policy -> policy.maxSize(2));

    submit(flow, EVENTS, 0, 2);
    submit(flow, OTHER, 0, 2);

    assertThat(writer.sizes()).containsExactly(2);
    assertThat(flow.control("events").policy().maxSize()).isEqualTo(2);
    assertThat(flow.control("other").policy().maxSize()).isEqualTo(10);
    assertThat(flow.control("events").stats())
        .singleElement()
        .extracting(TableStats::policy)
        .returns(2, BatchPolicy::maxSize);
  }

  @Test
  void eachSchemaKeepsWhatItsCallersRelyOn() {
    Schema narrow = Schema.table("events").columns("id").build();
    BatchFlow flow =
        Rows.flow(writer, time)
            .policy(narrow, BatchPolicy.builder().ordering(Ordering.PER_KEY).build())
            .policy(OTHER, BatchPolicy.builder().rowVerdicts(true).build())
            .build();
    watch(flow.submit(event(1)));
    watch(flow.submit(narrow.row().set("id", 1L)));

    retuned(flow, EVENTS, policy -> policy.maxSize(3));

    assertThat(flow.control("events").stats())
        .extracting(stats -> stats.policy().maxSize())
        .containsExactly(3, 3);
    assertThat(flow.control("events").stats())
        .filteredOn(stats -> stats.schema().equals(narrow))
        .extracting(stats -> stats.policy().ordering(narrow))
        .containsExactly(Ordering.PER_KEY);
    assertThat(flow.control("other").policy().rowVerdicts()).isTrue();
  }

  @Test
  void whatCallersRelyOnIsRefused() {
    BatchFlow flow = flow(patient());

    assertRefused(retune(flow, EVENTS, policy -> policy.ordering(Ordering.PER_KEY)), "ordering");
    assertRefused(retune(flow, EVENTS, policy -> policy.rowVerdicts(true)), "rowVerdicts");
    assertThat(flow.control("events").policy().rowVerdicts()).isFalse();
  }

  @Test
  void whatContradictsTheFlowIsRefused() {
    BatchFlow flow = flow(patient());

    assertRefused(retune(flow, EVENTS, policy -> policy.maxSize(20_001)), "maxPending");
    assertRefused(retune(flow, EVENTS, policy -> policy.maxBytes(1L << 40)), "maxPendingBytes");
    assertRefused(retune(flow, EVENTS, policy -> policy.concurrency(5)), "concurrency");
  }

  private static void assertRefused(Rows.Probe<Void> retune, String option) {
    assertThat(retune.errors)
        .singleElement()
        .isInstanceOf(InvalidConfigurationException.class)
        .asString()
        .contains(option, "'events'");
  }
}
